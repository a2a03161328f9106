using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using ChatAkka.Actors.Discovery;
using ChatAkka.Domain.Discovery;

namespace ChatAkka.Actors;

/// <summary>
/// Puts every shard where the <see cref="ShardPlan"/> has it, whatever kind of entities it is of. So a direct channel lives with one of its
/// users, and a client can be sent to the node where its user lives: most of what a message costs in a cluster is the way from node to node.
/// </summary>
/// <param name="shards">How many there are of each kind.</param>
internal sealed class PlannedShards(int shards) : IActorSystemDependentAllocationStrategy
{
    private const int MostMoves = 20;
    private const double PartOfMoves = 0.1;

    private readonly LastPlan _plan = new(shards);
    private Func<Nodes> _nodes = static () => new Nodes([], AreSettled: false);
    private Func<IActorRef, string> _nameOf = static region => region.Path.Address.ToString();

    /// <inheritdoc/>
    public void Start(ActorSystem system)
    {
        var cluster = Cluster.Get(system);
        var self = cluster.SelfAddress.ToString();
        Start(() => Nodes.Of(cluster.State), region => region.Path.Address.HasGlobalScope ? region.Path.Address.ToString() : self);
    }

    /// <summary>Begins with other nodes than those of a cluster.</summary>
    /// <param name="nameOf">Says which node a region is of.</param>
    internal void Start(Func<Nodes> nodes, Func<IActorRef, string> nameOf) => (_nodes, _nameOf) = (nodes, nameOf);

    /// <inheritdoc/>
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var regions = Staying(currentShardAllocations.Keys, _nodes());
        var home = _plan.For(regions.Keys).HomeOf(Number(shardId));
        return Task.FromResult(home is null ? currentShardAllocations.Keys.FirstOrDefault(ActorRefs.Nobody) : regions[home]);
    }

    /// <inheritdoc/>
    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        IImmutableSet<string> chosen = ImmutableHashSet<string>.Empty;
        var nodes = _nodes();

        // A move needs an acknowledgement from every node, and is better made when all are there that will be.
        if (rebalanceInProgress.Count == 0 && nodes.AreSettled)
        {
            var plan = _plan.For(Staying(currentShardAllocations.Keys, nodes).Keys);
            var misplaced = currentShardAllocations
                .SelectMany(region => region.Value.Where(shard => plan.HomeOf(Number(shard)) is { } home && home != _nameOf(region.Key)));
            var most = Math.Max(1, Math.Min(MostMoves, (int)(shards * PartOfMoves)));
            chosen = misplaced.OrderBy(Number).Take(most).ToImmutableHashSet();
        }

        return Task.FromResult(chosen);
    }

    private static int Number(string shard) => int.Parse(shard, CultureInfo.InvariantCulture);

    /// <summary>The regions of nodes that don't leave, by the name of the node.</summary>
    private Dictionary<string, IActorRef> Staying(IEnumerable<IActorRef> regions, Nodes nodes) =>
        regions.Where(region => nodes.Staying.Contains(_nameOf(region))).ToDictionary(_nameOf);

    /// <summary>What of a cluster counts here.</summary>
    /// <param name="Staying">The names by which a plan knows nodes that have shards, or will have.</param>
    /// <param name="AreSettled">Nobody joins, and everybody can be reached.</param>
    internal sealed record Nodes(IReadOnlyCollection<string> Staying, bool AreSettled)
    {
        public static Nodes Of(ClusterEvent.CurrentClusterState state) => new(
            [.. state.Members.Where(static member => member.Status is MemberStatus.Joining or MemberStatus.Up).Select(static member => member.Address.ToString())],
            state.Unreachable.IsEmpty && state.Members.All(static member => member.Status != MemberStatus.Joining));
    }
}
