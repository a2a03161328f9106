using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a <see cref="ClusterSingletonManager"/> behaves. Immutable: the <c>With…</c> methods return changed copies.</summary>
public sealed class ClusterSingletonManagerSettings : INoSerializationVerificationNeeded
{
    /// <summary>Without a margin for nodes that were declared dead.</summary>
    internal static readonly ClusterSingletonManagerSettings Default = new("singleton", null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

    /// <exception cref="ArgumentException">The name is empty, or a time is negative, or the interval is zero.</exception>
    public ClusterSingletonManagerSettings(string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(singletonName);
        if (removalMargin < TimeSpan.Zero)
            throw new ArgumentException("The removal margin must not be negative.", nameof(removalMargin));
        if (handOverRetryInterval <= TimeSpan.Zero)
            throw new ArgumentException("The interval of hand-over retries must be positive.", nameof(handOverRetryInterval));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        RemovalMargin = removalMargin;
        HandOverRetryInterval = handOverRetryInterval;
    }

    /// <summary>The name of the singleton's actor, below that of its manager.</summary>
    public string SingletonName { get; }

    /// <summary>Only on nodes of this role; null for all nodes.</summary>
    public string? Role { get; }

    /// <summary>
    /// How long to wait, after a node that was declared dead has been removed, before its singleton is started elsewhere: until then it may
    /// still run in the other part of a torn cluster.
    /// </summary>
    public TimeSpan RemovalMargin { get; }

    /// <summary>How often a node that is to run the singleton asks the one before to hand it over.</summary>
    public TimeSpan HandOverRetryInterval { get; }

    /// <summary>The defaults of a system in a cluster: the name <c>singleton</c>, the margin that its split-brain resolver asks for.</summary>
    public static ClusterSingletonManagerSettings Create(ActorSystem system) =>
        Default.WithRemovalMargin(Cluster.Get(system).DownRemovalMargin);

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, RemovalMargin, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithRole(string? role) => new(SingletonName, role, RemovalMargin, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) =>
        new(SingletonName, Role, removalMargin, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        new(SingletonName, Role, RemovalMargin, handOverRetryInterval);
}
