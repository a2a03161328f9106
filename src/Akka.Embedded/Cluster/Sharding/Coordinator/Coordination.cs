using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// All that a coordinator knows, and how it decides. Immutable, without actors: <see cref="Decide"/> takes what has happened and yields what
/// is to be stored, what is to be done then, and what the coordinator knows afterwards.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>A shard has a home only by a <see cref="ShardAllocated"/>, and the home is told nobody before that is stored.</item>
/// <item>A shard that has a home gets another one only after its region has told that the entities have stopped, or has died.</item>
/// <item>No shard gets a home before all regions that the stored state knows have registered with this coordinator or have died: it may be
/// one of them that has the shard.</item>
/// <item>While a shard is handed off nobody is told its home.</item>
/// </list>
/// </remarks>
internal sealed record Coordination
{
    /// <param name="state">As it was stored.</param>
    /// <param name="maxRetries">How many <see cref="RetryDue"/> a hand-off may wait for acknowledgements, before it is given up.</param>
    public Coordination(CoordinatorState state, int maxRetries) => (State, MaxRetries) = (state, maxRetries);

    public CoordinatorState State { get; init; }

    public int MaxRetries { get; }

    /// <summary>The regions that have registered with this coordinator.</summary>
    public ImmutableHashSet<IActorRef> Registered { get; init; } = [];

    /// <summary>The regions that want to stop: they get no shards any more.</summary>
    public ImmutableHashSet<IActorRef> Leaving { get; init; } = [];

    public ImmutableSortedDictionary<string, HandOffProgress> HandOffs { get; init; } =
        ImmutableSortedDictionary.Create<string, HandOffProgress>(StringComparer.Ordinal);

    /// <summary>Who wants to know the home of which shard, as long as it can't be told.</summary>
    public ImmutableSortedDictionary<string, ImmutableList<IActorRef>> Waiting { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableList<IActorRef>>(StringComparer.Ordinal);

    /// <summary>The shards for which a home is being chosen.</summary>
    public ImmutableHashSet<string> Choosing { get; init; } = [];

    /// <summary>Of the last hand-off.</summary>
    public long Round { get; init; }

    /// <summary>Whether shards may get a home: see above.</summary>
    public bool IsComplete => State.Regions.TrueForAll(region => Registered.Contains(region.Ref));

    /// <summary>The regions that may get shards, with those that they have.</summary>
    public ImmutableDictionary<IActorRef, IImmutableList<string>> Candidates => State.Regions
        .Where(region => !Leaving.Contains(region.Ref))
        .ToImmutableDictionary(static region => region.Ref, static region => (IImmutableList<string>)region.Shards);

    public CoordinatorDecision Decide(CoordinatorInput input) => new CoordinatorStep(this).Decide(input);
}

/// <summary>How far the hand-off of a shard has come.</summary>
/// <param name="Round">Tells it from others.</param>
/// <param name="Owner">The region that runs the shard.</param>
/// <param name="Awaited">The regions and proxies that may still send messages there; once there are none, the owner stops the shard.</param>
/// <param name="Retries">How often <see cref="RetryDue"/> has come meanwhile.</param>
internal sealed record HandOffProgress(long Round, IActorRef Owner, ImmutableList<IActorRef> Awaited, int Retries)
{
    public bool IsStopping => Awaited.IsEmpty;
}

/// <param name="Next">What the coordinator knows now.</param>
/// <param name="Events">What has to be stored.</param>
/// <param name="Effects">What is to be done then, in this order.</param>
internal sealed record CoordinatorDecision(
    Coordination Next, ImmutableList<CoordinatorEvent> Events, ImmutableList<CoordinatorEffect> Effects);
