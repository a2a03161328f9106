using Akka.Actor;

namespace ChatAkka.Actors.Channels;

// What a channel actor tells itself: its timers, and that it may go.

/// <summary>Members who haven't acknowledged everything are to be asked.</summary>
internal sealed class ProbeDue : INotInfluenceReceiveTimeout
{
    public static readonly ProbeDue Instance = new();
}

/// <summary>The member who sets the pace didn't acknowledge in time.</summary>
internal sealed class PaceOverdue
{
    public static readonly PaceOverdue Instance = new();
}

/// <summary>Receipts may be told again.</summary>
internal sealed class ReceiptsDue : INotInfluenceReceiveTimeout
{
    public static readonly ReceiptsDue Instance = new();
}

/// <summary>The shard lets the channel leave memory, and keeps what comes from now on for the next incarnation.</summary>
internal sealed class Passivated
{
    public static readonly Passivated Instance = new();
}
