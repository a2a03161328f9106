namespace ChatAkka.Storage;

/// <summary>The configuration section <c>Storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Storage";

    /// <summary>Where <c>chatakka.db</c> lies; created if missing. Relative to the working directory.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Writes that may wait for the writer thread. One more is refused at once as unavailable.</summary>
    public int WriterQueueItems { get; init; } = 20_000;

    /// <summary>Payload that may wait for the writer thread, in MiB. What exceeds it is refused at once as unavailable.</summary>
    public int WriterQueueMiB { get; init; } = 64;

    /// <summary>Most writes that one transaction commits together.</summary>
    public int CommitGroupItems { get; init; } = 2_000;

    /// <summary>Payload after which a transaction takes no further writes, in KiB.</summary>
    public int CommitGroupKiB { get; init; } = 8 * 1024;

    /// <summary>Read-only connections; so many reads run at the same time, further ones wait.</summary>
    public int ReaderConnections { get; init; } = 4;

    /// <summary>Pages written to the write-ahead log after which they are copied to the database file in the background.</summary>
    public int CheckpointPages { get; init; } = 1_000;

    /// <summary>Size of the write-ahead log, in MiB, at which the writer starts it over. Bounds the log and the recovery after a
    /// crash.</summary>
    public int WalLimitMiB { get; init; } = 16;

    /// <summary>How often a store that can't write tries whether it can again, in ms.</summary>
    public int HealthProbeIntervalMs { get; init; } = 1_000;

    /// <summary>How long a leased node number stays taken without being renewed, in seconds.</summary>
    public int NodeLeaseSeconds { get; init; } = 60;

    /// <summary>One sentence for each setting that can't be used; empty if all can.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(DataDirectory))
        {
            errors.Add($"{Section}:{nameof(DataDirectory)} must name a directory.");
        }

        Range(nameof(WriterQueueItems), WriterQueueItems, 1, 10_000_000);
        Range(nameof(WriterQueueMiB), WriterQueueMiB, 1, 4_096);
        Range(nameof(CommitGroupItems), CommitGroupItems, 1, 100_000);
        Range(nameof(CommitGroupKiB), CommitGroupKiB, 1, 1024 * 1024);
        Range(nameof(ReaderConnections), ReaderConnections, 1, 64);
        Range(nameof(CheckpointPages), CheckpointPages, 1, 1_000_000);
        Range(nameof(WalLimitMiB), WalLimitMiB, 1, 65_536);
        Range(nameof(HealthProbeIntervalMs), HealthProbeIntervalMs, 1, 3_600_000);
        Range(nameof(NodeLeaseSeconds), NodeLeaseSeconds, 1, 86_400);
        return errors;

        void Range(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{Section}:{name} must be from {least} to {most}, but is {value}.");
            }
        }
    }
}
