using ChatAkka.Storage;

namespace ChatAkka.Transfer.Tests.Stores;

/// <summary>A kind of store that exports and imports are tested with, in all pairs.</summary>
/// <param name="CreateAsync">Opens an empty one, whose data may lie in the given directory.</param>
internal sealed record StoreKind(string Name, Func<string, Task<ChatStore>> CreateAsync)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<StoreKind> All { get; } =
    [
        new("SQLite", directory => ChatStore.OpenAsync(new StorageOptions { DataDirectory = directory }, TimeProvider.System, CancellationToken.None)),
        new("PostgreSQL", async _ => await ChatStore.OpenAsync(
            new StorageOptions { Provider = StorageOptions.Postgres, ConnectionString = await PostgresServer.CreateDatabaseAsync() },
            TimeProvider.System,
            CancellationToken.None)),
        new("memory", _ => ChatStore.OpenAsync(new StorageOptions { Provider = StorageOptions.Memory }, TimeProvider.System, CancellationToken.None)),
    ];

    public static StoreKind Sqlite => All[0];
}
