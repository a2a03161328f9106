namespace ChatAkka.Storage;

/// <summary>The configuration section <c>Storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Storage";

    /// <summary>The default <see cref="Provider"/>: one SQLite file in <see cref="DataDirectory"/>.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A <see cref="Provider"/>: a database of a PostgreSQL server, named by <see cref="ConnectionString"/>.</summary>
    public const string Postgres = "postgres";

    /// <summary>A <see cref="Provider"/>, for tries and tests: everything is gone with the process.</summary>
    public const string Memory = "memory";

    private static readonly string[] Providers = [Sqlite, Postgres, Memory];

    /// <summary>Where everything is stored: <see cref="Sqlite"/>, <see cref="Postgres"/> or <see cref="Memory"/>.</summary>
    public string Provider { get; init; } = Sqlite;

    /// <summary>How PostgreSQL is reached, in the words of Npgsql: <c>Host=…;Port=…;Database=…;Username=…;Password=…</c>. It isn't
    /// logged.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Connections that store events on PostgreSQL; so many commits are under way at the same time.</summary>
    public int WriterConnections { get; init; } = 4;

    /// <summary>Connections to PostgreSQL in all. <see cref="WriterConnections"/> and two more are set aside; who finds none of the
    /// rest free waits.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>How long PostgreSQL may take for an answer, in seconds, before it counts as unavailable.</summary>
    public int CommandTimeoutSeconds { get; init; } = 10;

    /// <summary>Where <c>chatakka.db</c> lies; created if missing. Relative to the working directory.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Writes that may wait to be committed. One more is refused at once as unavailable.</summary>
    public int WriterQueueItems { get; init; } = 20_000;

    /// <summary>Payload that may wait to be committed, in MiB. What exceeds it is refused at once as unavailable.</summary>
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

    /// <summary>Of <see cref="MaxConnections"/>: one for each lane that stores events, one for small writes, one for the probe.</summary>
    internal int ReservedConnections => WriterConnections + 2;

    /// <summary>One sentence for each setting that can't be used; empty if all can.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (!Providers.Contains(Provider))
        {
            errors.Add($"{Section}:{nameof(Provider)} must be one of {string.Join(", ", Providers)}, but is '{Provider}'.");
        }

        if (Provider == Postgres && string.IsNullOrWhiteSpace(ConnectionString))
        {
            errors.Add(
                $"{Section}:{nameof(ConnectionString)} must name a PostgreSQL database, "
                + $"since {Section}:{nameof(Provider)} is '{Postgres}'.");
        }

        if (string.IsNullOrWhiteSpace(DataDirectory))
        {
            errors.Add($"{Section}:{nameof(DataDirectory)} must name a directory.");
        }

        Range(nameof(WriterQueueItems), WriterQueueItems, 1, 10_000_000);
        Range(nameof(WriterQueueMiB), WriterQueueMiB, 1, 4_096);
        Range(nameof(CommitGroupItems), CommitGroupItems, 1, 100_000);
        Range(nameof(CommitGroupKiB), CommitGroupKiB, 1, 1024 * 1024);
        Range(nameof(ReaderConnections), ReaderConnections, 1, 64);
        Range(nameof(WriterConnections), WriterConnections, 1, 64);
        Range(nameof(MaxConnections), MaxConnections, Math.Max(0, ReservedConnections) + 1, 1_000);
        Range(nameof(CommandTimeoutSeconds), CommandTimeoutSeconds, 1, 3_600);
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
