namespace Akka.Cluster.Hosting;

/// <summary>What <c>WithSingleton</c> takes besides the actor itself; what is null keeps its default.</summary>
public sealed class ClusterSingletonOptions
{
    /// <summary>How many messages the proxy holds while it doesn't know where the singleton is; the oldest go first. 0 to 10,000.</summary>
    public int? BufferSize { get; set; }

    /// <summary>Only nodes of this role run the singleton.</summary>
    public string? Role { get; set; }

    /// <summary>What the singleton is told when it is to stop: it must stop itself on it. By default <see cref="Actor.PoisonPill"/>.</summary>
    public object? TerminationMessage { get; set; }
}
