using ChatAkka.Storage.InMemory;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new StorageOptions().Validate().ShouldBeEmpty();

    [Fact]
    public void Provider_that_is_none_is_told_which_there_are() =>
        new StorageOptions { Provider = "Sqlite" }.Validate().ShouldHaveSingleItem()
            .ShouldBe("Storage:Provider must be one of sqlite, postgres, memory, but is 'Sqlite'.");

    [Fact]
    public async Task Provider_chooses_the_store()
    {
        using var directory = new TempDirectory();
        var options = new StorageOptions { DataDirectory = directory.Path };
        await using var sqlite = await OpenAsync(options);
        await using var memory = await OpenAsync(options with { Provider = StorageOptions.Memory });

        sqlite.ShouldBeOfType<SqliteStore>();
        memory.ShouldBeOfType<InMemoryStore>();
        var refusal = await Should.ThrowAsync<StorageOpenException>(() => OpenAsync(options with { Provider = "paper" }));
        refusal.Message.ShouldContain("Storage:Provider");

        static Task<ChatStore> OpenAsync(StorageOptions options) =>
            ChatStore.OpenAsync(options, TimeProvider.System, CancellationToken.None);
    }

    [Fact]
    public void Every_setting_out_of_range_is_named() =>
        new StorageOptions
        {
            Provider = StorageOptions.Postgres,
            ConnectionString = " ",
            WriterConnections = 0,
            MaxConnections = 0,
            CommandTimeoutSeconds = 0,
            DataDirectory = " ",
            WriterQueueItems = 0,
            WriterQueueMiB = 0,
            CommitGroupItems = 0,
            CommitGroupKiB = 0,
            ReaderConnections = 0,
            CheckpointPages = 0,
            WalLimitMiB = 0,
            HealthProbeIntervalMs = 0,
            NodeLeaseSeconds = 0,
        }.Validate().Append(new StorageOptions { Provider = "tape" }.Validate().Single()).Select(error => error.Split(' ')[0]).ShouldBe(
            typeof(StorageOptions).GetProperties().Where(property => property.CanWrite).Select(property => $"Storage:{property.Name}"), ignoreOrder: true);
}
