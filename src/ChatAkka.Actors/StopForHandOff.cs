namespace ChatAkka.Actors;

/// <summary>
/// The last message of a channel or user whose shard moves to another node, or whose node leaves: it finishes what it has taken, within
/// <see cref="Patience"/>, and stops. What comes later is the next incarnation's.
/// </summary>
public sealed class StopForHandOff : ILocalMessage
{
    /// <summary>The only one.</summary>
    public static readonly StopForHandOff Instance = new();

    /// <summary>What isn't finished by then is left to retries. Well below the time that a shard has for its hand-off.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
}

/// <summary>What was to be finished before a hand-off takes too long.</summary>
internal sealed class HandOffOverdue
{
    public static readonly HandOffOverdue Instance = new();
}
