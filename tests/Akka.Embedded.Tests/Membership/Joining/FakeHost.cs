using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace Akka.Embedded.Tests.Membership.Joining;

/// <summary>Keeps what a node of the cluster brings about.</summary>
internal sealed class FakeHost : IClusterHost
{
    public TimeSpan Now { get; set; }

    public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + Now;

    public Random Random { get; } = new(1);

    public ILoggingAdapter Log => NoLogger.Instance;

    public List<string> Sent { get; } = [];

    public ClusterEnd? Ended { get; private set; }

    /// <summary>Nodes that can be connected to.</summary>
    public HashSet<Address> There { get; } = [];

    public bool IsThere(Address node) => There.Contains(node);

    /// <summary>What was sent since the last time.</summary>
    public string TakeSent()
    {
        var sent = string.Join(' ', Sent);
        Sent.Clear();
        return sent;
    }

    public void Send(Address to, IClusterMessage message) => Sent.Add($"{message.GetType().Name}>{to.Host}");

    public void SendHeartbeat(Address to, Heartbeat heartbeat) => Sent.Add($"Heartbeat>{to.Host}");

    public void Changed(MembershipState before, MembershipState after)
    {
    }

    public void Exit()
    {
    }

    public void End(ClusterEnd reason) => Ended = reason;
}
