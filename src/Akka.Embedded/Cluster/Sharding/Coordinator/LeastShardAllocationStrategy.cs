using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <inheritdoc cref="ShardAllocationStrategy.LeastShardAllocationStrategy"/>
internal sealed class LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) : IActorSystemDependentAllocationStrategy
{
    private Func<ClusterEvent.CurrentClusterState> _state = static () => new ClusterEvent.CurrentClusterState();
    private Func<Member?> _self = static () => null;

    public void Start(ActorSystem system)
    {
        var cluster = Cluster.Get(system);
        Start(() => cluster.State, () => cluster.SelfMember);
    }

    /// <summary>For tests.</summary>
    internal void Start(Func<ClusterEvent.CurrentClusterState> state, Func<Member?> self) => (_state, _self) = (state, self);

    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var regions = BySuitability(currentShardAllocations);
        return Task.FromResult(regions.Count > 0 ? regions[0].Ref : ActorRefs.Nobody);
    }

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        IImmutableSet<string> chosen = [];
        // One round at a time: what a round brings about is not to be guessed.
        if (rebalanceInProgress.Count == 0 && IsGoodTime())
        {
            // Those that are about to go would get nothing, and get rid of what they have by themselves.
            chosen = Choose([.. BySuitability(currentShardAllocations).Where(static region => region.Stays).Select(static region => region.Shards)]);
        }

        return Task.FromResult(chosen);
    }

    public override string ToString() => $"LeastShardAllocationStrategy({absoluteLimit},{relativeLimit})";

    private ImmutableSortedSet<string> Choose(List<IImmutableList<string>> regions)
    {
        var total = regions.Sum(static shards => shards.Count);
        if (total == 0)
            return [];
        var limit = Math.Max(1, Math.Min((int)(relativeLimit * total), absoluteLimit));
        var enough = (total + regions.Count - 1) / regions.Count;

        // What is beyond an even share goes. The share is rounded up: if nothing is beyond it, some may still have two less than others.
        var surplus = regions.SelectMany(shards => shards.Take(Math.Max(0, shards.Count - enough))).ToList();
        if (surplus.Count == 0)
        {
            var lacking = regions.Sum(shards => Math.Max(0, enough - 1 - shards.Count));
            surplus.AddRange(regions.Where(shards => shards.Count >= enough).Select(static shards => shards[0]).Take(lacking));
        }

        return surplus.Take(limit).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>A move needs an acknowledgement from every node, and is better made when all are there that will be.</summary>
    private bool IsGoodTime()
    {
        var state = _state();
        return state.Unreachable.IsEmpty && state.Members.All(static member => member.Status != MemberStatus.Joining);
    }

    /// <summary>The most suitable first, in an order that is the same in every run.</summary>
    private List<(IActorRef Ref, IImmutableList<string> Shards, bool Stays)> BySuitability(
        IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        var members = _state().Members.ToDictionary(static member => member.Address);
        var here = _self()?.Address;
        return
        [
            .. allocations
                .Select(region => (
                    Ref: region.Key,
                    Shards: region.Value,
                    Stays: AddressOf(region.Key) is { } address
                        && members.TryGetValue(address, out var member)
                        && member.Status is MemberStatus.Joining or MemberStatus.Up))
                .OrderBy(static region => region.Stays ? 0 : 1)
                .ThenBy(static region => region.Shards.Count)
                .ThenBy(region => AddressOf(region.Ref)?.ToString(), StringComparer.Ordinal),
        ];

        Address? AddressOf(IActorRef region) => region.Path.Address.HasGlobalScope ? region.Path.Address : here;
    }
}
