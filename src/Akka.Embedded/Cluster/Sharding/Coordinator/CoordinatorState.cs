using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>A region, or a proxy, that has registered.</summary>
/// <param name="Ref">The region.</param>
/// <param name="Node">The incarnation of the node that it is on.</param>
/// <param name="Shards">What it runs, in the order in which it got it; a proxy runs nothing.</param>
internal sealed record RegionEntry(IActorRef Ref, UniqueAddress Node, ImmutableList<string> Shards)
{
    public bool Is(IActorRef region) => Ref.Equals(region);
}

/// <summary>
/// What a coordinator has to know even if it dies: which regions there are, and where the shards live. Every node could take it over.
/// Immutable.
/// </summary>
/// <remarks>A shard is in one region at most. Collections have an order of their own, so that every run goes through them alike.</remarks>
internal sealed record CoordinatorState : IClusterShardingSerializable
{
    public static readonly CoordinatorState Empty = new();

    /// <summary>In the order of their registration.</summary>
    public ImmutableList<RegionEntry> Regions { get; private init; } = [];

    /// <inheritdoc cref="Regions"/>
    public ImmutableList<RegionEntry> Proxies { get; private init; } = [];

    /// <summary>The home of every shard that has one.</summary>
    public ImmutableSortedDictionary<string, IActorRef> Shards { get; private init; } =
        ImmutableSortedDictionary.Create<string, IActorRef>(StringComparer.Ordinal);

    /// <summary>All that have to hear of a shard that moves.</summary>
    public IEnumerable<IActorRef> All => Regions.Concat(Proxies).Select(static entry => entry.Ref);

    public static CoordinatorState From(IEnumerable<RegionEntry> regions, IEnumerable<RegionEntry> proxies)
    {
        var state = Empty with { Regions = [.. regions], Proxies = [.. proxies] };
        var shards = state.Shards.ToBuilder();
        foreach (var region in state.Regions)
        {
            foreach (var shard in region.Shards)
                shards[shard] = region.Ref;
        }

        return state with { Shards = shards.ToImmutable() };
    }

    public RegionEntry? Region(IActorRef region) => Regions.Find(entry => entry.Is(region));

    public bool Knows(IActorRef regionOrProxy) => Region(regionOrProxy) is not null || Proxies.Exists(entry => entry.Is(regionOrProxy));

    public CoordinatorState Apply(CoordinatorEvent happened)
    {
        switch (happened)
        {
            case RegionAdded { IsProxy: false } added:
                return this with { Regions = Regions.Add(new RegionEntry(added.Region, added.Node, [])) };
            case RegionAdded added:
                return this with { Proxies = Proxies.Add(new RegionEntry(added.Region, added.Node, [])) };
            case RegionGone gone:
                return this with
                {
                    Regions = Regions.RemoveAll(entry => entry.Is(gone.Region)),
                    Proxies = Proxies.RemoveAll(entry => entry.Is(gone.Region)),
                    Shards = Shards.RemoveRange(Region(gone.Region)?.Shards ?? []),
                };
            case ShardAllocated allocated:
                var owner = Region(allocated.Region) ?? throw new ArgumentException($"{allocated.Region} has not registered");
                return this with
                {
                    Regions = Regions.Replace(owner, owner with { Shards = owner.Shards.Add(allocated.ShardId) }),
                    Shards = Shards.Add(allocated.ShardId, owner.Ref),
                };
            case ShardFreed freed:
                var former = Region(Shards[freed.ShardId])!;
                return this with
                {
                    Regions = Regions.Replace(former, former with { Shards = former.Shards.Remove(freed.ShardId) }),
                    Shards = Shards.Remove(freed.ShardId),
                };
            default:
                throw new ArgumentException($"Unknown event {happened.GetType()}");
        }
    }
}

/// <summary>What changes a <see cref="CoordinatorState"/>.</summary>
internal abstract record CoordinatorEvent;

internal sealed record RegionAdded(IActorRef Region, UniqueAddress Node, bool IsProxy) : CoordinatorEvent;

/// <summary>The region or proxy has stopped; if shards were there, they have no home any more.</summary>
internal sealed record RegionGone(IActorRef Region) : CoordinatorEvent;

internal sealed record ShardAllocated(string ShardId, IActorRef Region) : CoordinatorEvent;

/// <summary>The shard's entities have stopped: it may be allocated anew.</summary>
internal sealed record ShardFreed(string ShardId) : CoordinatorEvent;
