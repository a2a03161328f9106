namespace ChatAkka.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new StorageOptions().Validate().ShouldBeEmpty();

    [Fact]
    public void Every_setting_out_of_range_is_named() =>
        new StorageOptions
        {
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
        }.Validate().Select(error => error.Split(' ')[0]).ShouldBe(
            typeof(StorageOptions).GetProperties().Where(property => property.CanWrite).Select(property => $"Storage:{property.Name}"), ignoreOrder: true);
}
