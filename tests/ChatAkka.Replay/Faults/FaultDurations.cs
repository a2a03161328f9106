namespace ChatAkka.Replay.Faults;

/// <summary>How long faults last.</summary>
internal sealed record FaultDurations
{
    /// <summary>So many of all are short.</summary>
    public double ShareOfShort { get; init; } = 0.5;

    /// <summary>A short fault lasts at most so long: it is over before the others have given a node up.</summary>
    public TimeSpan Short { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Every other lasts at least so long: a node that is gone was given up, and its work went to others.</summary>
    public TimeSpan Long { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>And at most so long.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>How long a node stays that was added, or stays away that was removed.</summary>
    public TimeSpan Stay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a node may take to stop.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Draw(Random random) =>
        random.NextDouble() < ShareOfShort ? Short * random.NextDouble() : Long + ((Longest - Long) * random.NextDouble());
}
