namespace ChatAkka.Storage.Contents;

/// <summary>What a column holds.</summary>
internal enum ColumnType
{
    /// <summary>A 64-bit number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>A column of a table that is part of a store's contents.</summary>
internal sealed record StoredColumn(string Name, ColumnType Type, bool IsNullable = false)
{
    /// <summary>A number that names something and isn't counted with. It may need more than the 53 bits that a JSON number has for many
    /// readers.</summary>
    public bool IsId { get; init; }
}

/// <summary>
/// A table that is part of a store's contents. Every database has it under this name with these columns, so that what one exports another
/// imports. What isn't listed is bound to the store itself: node leases, snapshots (they are made again), health probes, keys.
/// </summary>
/// <param name="Name">The table's name.</param>
/// <param name="KeyColumns">How many of the first columns are its key.</param>
/// <param name="Columns">Its columns, the key first.</param>
internal sealed record StoredTable(string Name, int KeyColumns, params StoredColumn[] Columns)
{
    /// <summary>All tables; one that refers to another comes after it.</summary>
    public static IReadOnlyList<StoredTable> All { get; } =
    [
        new(
            "account", 1, Id("id"), Text("username"), Text("display_name"), Text("password_hash") with { IsNullable = true },
            Number("created_at")),
        new(
            "device_session", 1, Id("device_id"), Id("user_id"), Bytes("token_hash"), Text("name"), Text("platform"),
            Number("created_at"), Number("last_used_at"), Number("expires_at")),
        new("external_device", 2, Id("user_id"), Text("name"), Id("device_id"), Number("created_at")),
        new("device_cursor", 2, Id("device_id"), Text("channel_id"), Id("message_id")),
        new("receipt", 2, Id("user_id"), Text("channel_id"), Id("delivered"), Id("read"), Number("read_n")),
        new("presence", 1, Id("user_id"), Number("online"), Number("last_active_at")),
        new(
            "friendship", 2, Id("smaller_id"), Id("larger_id"), Id("asked_by") with { IsNullable = true }, Number("since")),
        new("block", 2, Id("blocker_id"), Id("blocked_id"), Number("since")),
    ];

    private static StoredColumn Id(string name) => Number(name) with { IsId = true };

    private static StoredColumn Number(string name) => new(name, ColumnType.Number);

    private static StoredColumn Text(string name) => new(name, ColumnType.Text);

    private static StoredColumn Bytes(string name) => new(name, ColumnType.Bytes);
}
