using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>What a <see cref="ClusterNode"/> takes from outside, and what it brings about there: the daemon in a system, a fake in tests.</summary>
internal interface IClusterHost
{
    /// <summary>Since an arbitrary point; doesn't step.</summary>
    TimeSpan Now { get; }

    DateTimeOffset UtcNow { get; }

    Random Random { get; }

    ILoggingAdapter Log { get; }

    /// <summary>Sends to the daemon of another node, which may never get it.</summary>
    void Send(Address to, IClusterMessage message);

    /// <summary>Sends to the heartbeat receiver of another node.</summary>
    void SendHeartbeat(Address to, Heartbeat heartbeat);

    /// <summary>Whether another node may be where something was sent: false if it couldn't be connected to, or isn't tried.</summary>
    bool IsThere(Address node);

    /// <summary>The node sees another state.</summary>
    void Changed(MembershipState before, MembershipState after);

    /// <summary>All know that this node goes: it is to hand over, and say when it has.</summary>
    void Exit();

    /// <summary>This node is no member any more, or can't become one. Nothing more is to be asked of it.</summary>
    void End(ClusterEnd reason);
}

/// <summary>How a membership ends.</summary>
internal enum ClusterEnd
{
    /// <summary>In an orderly way.</summary>
    Left,

    /// <summary>Declared dead, by others or by itself.</summary>
    Downed,

    /// <summary>The cluster doesn't take nodes such as this.</summary>
    CanNotJoin,
}
