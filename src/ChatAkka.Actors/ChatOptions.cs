namespace ChatAkka.Actors;

/// <summary>The configuration section <c>Chat</c>.</summary>
public sealed record ChatOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Chat";

    /// <summary>Members a group may have.</summary>
    public int MaxGroupSize { get; init; } = 100;

    /// <summary>An idle channel or user leaves memory after this many seconds without a message.</summary>
    public int PassivateAfterSeconds { get; init; } = 300;

    /// <summary>Commands that may wait for one channel before it answers busy.</summary>
    public int MaxPendingPerChannel { get; init; } = 4096;

    /// <summary>Events of one user kept in memory for devices that come back.</summary>
    public int SyncQueueLength { get; init; } = 256;

    /// <summary>Shards of each kind of actor; the same on every node of a cluster, for ever.</summary>
    public int Shards { get; init; } = 256;

    /// <summary>One sentence for each setting that can't be used; empty if all can.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Range(nameof(MaxGroupSize), MaxGroupSize, 2, 10_000);
        Range(nameof(PassivateAfterSeconds), PassivateAfterSeconds, 1, 86_400);
        Range(nameof(MaxPendingPerChannel), MaxPendingPerChannel, 1, 1_000_000);
        Range(nameof(SyncQueueLength), SyncQueueLength, 1, 100_000);
        Range(nameof(Shards), Shards, 1, 10_000);
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
