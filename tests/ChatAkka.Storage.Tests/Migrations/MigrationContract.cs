namespace ChatAkka.Storage.Tests.Migrations;

/// <summary>What must be so for a database of every earlier version that the newest program opens.</summary>
public abstract class MigrationContract<TDatabase> : IAsyncLifetime where TDatabase : IMigratedDatabase, new()
{
    // Empty unless a store is unwell.
    private const string Probe = "health_probe";

    private readonly TDatabase _database = new();

    public static TheoryData<int> EarlierVersions => [.. Enumerable.Range(1, TDatabase.Newest - 1)];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [SkippableTheory]
    [MemberData(nameof(EarlierVersions))]
    public async Task Rows_of_every_earlier_version_are_read_after_migration(int version)
    {
        var rows = await FillAsync(version);
        var before = await CountRowsAsync();
        before.Where(count => count.Value == 0).Select(count => count.Key).ShouldBe([Probe], "every table that the version has is tested");

        await using var store = await _database.OpenAsync(TDatabase.Newest);

        store.SchemaVersion.ShouldBe(TDatabase.Newest);
        var after = await CountRowsAsync();
        before.Where(count => after[count.Key] != count.Value).ShouldBeEmpty();
        foreach (var group in rows)
        {
            await group.CheckAsync(store);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(EarlierVersions))]
    public async Task Schema_is_that_of_a_new_database_after_migration(int version)
    {
        await FillAsync(version);
        await using var fresh = new TDatabase();
        await (await fresh.OpenAsync(TDatabase.Newest)).DisposeAsync();
        (await _database.SchemaAsync()).ShouldNotBe(await fresh.SchemaAsync());

        await (await _database.OpenAsync(TDatabase.Newest)).DisposeAsync();

        (await _database.SchemaAsync()).ShouldBe(await fresh.SchemaAsync());
    }

    /// <summary>Makes a database of the version, with rows in all its tables.</summary>
    private async Task<OldRows[]> FillAsync(int version)
    {
        await (await _database.OpenAsync(version)).DisposeAsync();
        OldRows[] rows = [.. Enumerable.Range(1, version).SelectMany(TDatabase.RowsSince).Where(group => version <= group.Until)];
        foreach (var group in rows)
        {
            await _database.ExecuteAsync(group.Insert);
        }

        return rows;
    }

    private async Task<Dictionary<string, long>> CountRowsAsync()
    {
        var counts = new Dictionary<string, long>();
        foreach (var table in (await _database.TablesAsync()).Where(table => table != "schema_version"))
        {
            counts[table] = await _database.CountAsync(table);
        }

        return counts;
    }
}
