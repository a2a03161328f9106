using Akka.Actor;
using ChatAkka.Domain.Discovery;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Discovery;

/// <summary>
/// What this node says of itself, and what it knows of all. The registry's actor keeps it; everybody else reads it, without asking anybody.
/// Thread-safe.
/// </summary>
/// <param name="holder">Under which name this node holds its lease.</param>
/// <param name="shards">Of users.</param>
/// <param name="describe">How this node is right now; null while it isn't ready to be found. Asked every second, by the actor.</param>
public sealed class NodeDirectory(string holder, int shards, Func<NodeInfo?> describe) : INodeDirectory
{
    private readonly LastPlan _plan = new(shards);
    private volatile IReadOnlyList<NodeInfo> _nodes = [];
    private volatile NodeInfo?[] _homes = [];
    private volatile IActorRef _registry = ActorRefs.Nobody;
    private volatile bool _isDraining;

    /// <inheritdoc/>
    public IReadOnlyList<NodeInfo> Nodes => _nodes;

    /// <inheritdoc/>
    public IReadOnlyList<NodeInfo> Others => [.. _nodes.Where(node => node.Holder != holder)];

    /// <inheritdoc/>
    public NodeInfo? HomeOf(UserId user) => _homes is { Length: > 0 } homes ? homes[UserExtractor.ShardOf(user, homes.Length)] : null;

    /// <inheritdoc/>
    public void BeginDraining()
    {
        _isDraining = true;
        _registry.Tell(PublishDue.Instance, ActorRefs.NoSender);
    }

    internal NodeInfo? Describe() => describe() is { } self ? self with { IsDraining = _isDraining } : null;

    internal void Attach(IActorRef registry) => _registry = registry;

    /// <param name="nodes">By the names that the plan knows them by.</param>
    /// <param name="all">The names of all that there are, shown or not.</param>
    internal void Show(IReadOnlyDictionary<string, NodeInfo> nodes, IEnumerable<string> all)
    {
        var plan = _plan.For(all);
        _nodes = [.. nodes.Values];
        _homes = [.. Enumerable.Range(0, shards).Select(shard => plan.HomeOf(shard) is { } home ? nodes.GetValueOrDefault(home) : null)];
    }
}

/// <summary>What this node says of itself may have changed.</summary>
internal sealed class PublishDue
{
    public static readonly PublishDue Instance = new();
}
