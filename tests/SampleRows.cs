using ChatAkka.Storage.Contents;

namespace ChatAkka.Tests;

/// <summary>Rows of every table that is part of a store's contents: of three users, with the values that are hard to carry.</summary>
internal static class SampleRows
{
    private const long Ann = 7_298_340_912_345_088;
    private const long Bob = 7_298_340_912_345_089;
    private const long Cid = long.MaxValue;
    private const long At = 1_795_190_400_123;
    private const string Group = "7298340912353280";

    /// <summary>By table, in the order of its key.</summary>
    public static IReadOnlyDictionary<string, object?[][]> All { get; } = new Dictionary<string, object?[][]>
    {
        ["account"] =
        [
            [Ann, "ann", "앤 \"🏔️\" \\ \u2028 \u0001", "v1$310000$c2FsdA==$aGFzaA==", At],
            [Bob, "bob", "Bob", null, At + 1],
            [Cid, "cid", "", "", 0L],
        ],
        ["device_session"] =
        [
            [101L, Ann, new byte[] { 0, 1, 254, 255 }, "phone 📱", "ios", At, At + 5, At + 9],
            [102L, Bob, Array.Empty<byte>(), "", "", At, At, long.MaxValue],
        ],
        ["external_device"] = [[Ann, "Zimmer", 104L, At], [Ann, "ab", 103L, At], [Bob, "노트북", 105L, At]],
        ["device_cursor"] = [[101L, $"{Ann}-{Bob}", 1L], [101L, Group, 1L << 40]],
        ["receipt"] = [[Ann, $"{Ann}-{Bob}", 7L, 6L, 5L], [Ann, Group, 0L, 0L, 0L], [Bob, Group, 9L, 9L, 8L]],
        ["presence"] = [[Ann, 0L, At], [Bob, 1L, At]],
        ["friendship"] = [[Ann, Bob, null, At], [Ann, Cid, Cid, At]],
        ["block"] = [[Ann, Cid, At], [Bob, Ann, At], [Bob, Cid, At]],
    };

    /// <summary>Puts them all into a store.</summary>
    public static async Task AddToAsync(IStoreContents contents)
    {
        foreach (var table in StoredTable.All)
        {
            await contents.AddAsync(table, All[table.Name], CancellationToken.None);
        }
    }

    /// <summary>All rows of a table of a store.</summary>
    public static async Task<List<object?[]>> ReadAsync(this IStoreContents contents, StoredTable table)
    {
        List<object?[]> rows = [];
        await foreach (var row in contents.ReadAsync(table, CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }
}
