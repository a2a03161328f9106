namespace Akka.Embedded.Tests.Membership.Scheduling;

/// <summary>A cluster to which a <see cref="Schedule"/> can happen: of state machines only, or of real systems.</summary>
internal interface IScheduledCluster
{
    Random Random { get; }

    TimeSpan Now { get; }

    /// <summary>Those whose process runs and whose membership has not ended.</summary>
    IReadOnlyList<IScheduledNode> Living { get; }

    void Start(string host, string[] seeds);

    void Kill(string host);

    void Pause(string host);

    void Resume(string host);

    void Leave(string host);

    /// <summary>Nothing gets from one to the other any more.</summary>
    void Cut(string from, string to);

    /// <summary>Everything gets everywhere again.</summary>
    /// <param name="loses">What was sent meanwhile, as opposed to arriving now.</param>
    void Heal(bool loses);

    void Advance(double seconds);

    /// <summary>False when it does not hold in time.</summary>
    bool AdvanceUntil(Func<bool> holds, double seconds);

    /// <summary>What the nodes have said, or else how they see each other.</summary>
    string Describe();
}

/// <summary>One living node.</summary>
internal interface IScheduledNode
{
    string Host { get; }

    /// <summary>The hosts of all members that it sees, one after another.</summary>
    string Members { get; }

    /// <summary>How many there are, if all are up and reachable; 0 otherwise.</summary>
    int Size { get; }

    string? Leader { get; }

    string? Oldest { get; }
}
