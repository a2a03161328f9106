using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.SBR;

namespace Akka.Cluster;

/// <summary>
/// How a system behaves as a member of a cluster. The defaults notice a dead node within about 4 s and have it removed within about 7 s.
/// </summary>
/// <remarks>They are faster than Akka.NET's: what a node that was declared dead too early could still write, the journal refuses.</remarks>
public sealed class ClusterSetup : Actor.Setup.Setup
{
    /// <summary>
    /// Where to find a cluster, in the same order on every node. Let it be more nodes than can be lost at once: the first one, started again while
    /// none of the others is in a cluster, begins another one. Empty: the application joins by itself.
    /// </summary>
    public ImmutableList<Address> SeedNodes { get; init; } = [];

    /// <summary>What this node is there for; other nodes see it in <see cref="Member.Roles"/>.</summary>
    public ImmutableHashSet<string> Roles { get; init; } = [];

    /// <summary>Members join until there are this many; then all become up.</summary>
    public int MinNrOfMembers { get; init; } = 1;

    /// <summary>The same, of the members of a role.</summary>
    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>How often a node tells another one, drawn at random, what it knows.</summary>
    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How likely the other one is drawn among those that don't know yet, if there are any; 0 to 1.</summary>
    public double GossipDifferentViewProbability { get; init; } = 0.8;

    /// <summary>How often the leader looks what is to be done.</summary>
    public TimeSpan LeaderActionsInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a node sends a heartbeat to those that it watches.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long heartbeats may fail to be answered before that is suspicious at all.</summary>
    public TimeSpan AcceptableHeartbeatPause { get; init; } = TimeSpan.FromMilliseconds(2500);

    /// <summary>The first answer is due by then: a node that never answers is watched from that moment on.</summary>
    public TimeSpan HeartbeatExpectedResponseAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How improbable, as a negative power of ten, it must be that a heartbeat that is late still comes, for its sender to be unreachable.
    /// </summary>
    public double PhiThreshold { get; init; } = 8;

    /// <summary>The least deviation of the times between heartbeats that is reckoned with: steady ones would else allow none.</summary>
    public TimeSpan MinHeartbeatStandardDeviation { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The number of times between heartbeats that are remembered of a node.</summary>
    public int HeartbeatHistory { get; init; } = 200;

    /// <summary>How many nodes watch a node.</summary>
    public int MonitoredByNrOfMembers { get; init; } = 9;

    /// <summary>How often a node asks itself which others have become unreachable.</summary>
    public TimeSpan UnreachableNodesReaperInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the seed nodes may take to answer before they are asked again, and before the first of them starts a cluster; while
    /// another one is there and silent, or has spoken of a cluster, that takes five times as long.</summary>
    public TimeSpan SeedNodeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a join may take before it is tried again.</summary>
    public TimeSpan RetryUnsuccessfulJoinAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a removed incarnation is remembered, so that old gossip doesn't bring it back.</summary>
    public TimeSpan PruneGossipTombstonesAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether the system shuts down when this node is removed without having left.</summary>
    public bool RunCoordinatedShutdownWhenDown { get; init; } = true;

    /// <summary>Which side of a partition goes on; null leaves that to whoever calls <see cref="Cluster.Down"/>. The same on all nodes.</summary>
    public SplitBrainStrategy? SplitBrainResolver { get; init; } = new KeepMajority();

    /// <summary>
    /// How long nothing may have changed, among the members and who reaches whom, before the split-brain resolver decides. The same on all
    /// nodes.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// If things still change so long after <see cref="StableAfter"/>, counted from the first unreachable member, all nodes are downed: the
    /// sides of such a network might decide differently. Null for three quarters of <see cref="StableAfter"/>, but not less than 4 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan? DownAllWhenUnstable { get; init; }

    /// <summary>
    /// What else must be the same on all nodes, by name and in words: a node that says something else of a name than the cluster isn't let in.
    /// A name that only one side knows doesn't matter, so that nodes of two versions can be in one cluster.
    /// </summary>
    public ImmutableSortedDictionary<string, string> SameOnAll { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <exception cref="ArgumentException">A setting has no sensible value; the message names it.</exception>
    internal void Validate()
    {
        Positive(GossipInterval, nameof(GossipInterval));
        Positive(LeaderActionsInterval, nameof(LeaderActionsInterval));
        Positive(HeartbeatInterval, nameof(HeartbeatInterval));
        Positive(HeartbeatExpectedResponseAfter, nameof(HeartbeatExpectedResponseAfter));
        Positive(MinHeartbeatStandardDeviation, nameof(MinHeartbeatStandardDeviation));
        Positive(UnreachableNodesReaperInterval, nameof(UnreachableNodesReaperInterval));
        Positive(SeedNodeTimeout, nameof(SeedNodeTimeout));
        Positive(RetryUnsuccessfulJoinAfter, nameof(RetryUnsuccessfulJoinAfter));
        Positive(PruneGossipTombstonesAfter, nameof(PruneGossipTombstonesAfter));
        Positive(StableAfter, nameof(StableAfter));
        Require(AcceptableHeartbeatPause >= HeartbeatInterval, nameof(AcceptableHeartbeatPause), $"not be shorter than {nameof(HeartbeatInterval)}");
        Require(PhiThreshold > 0, nameof(PhiThreshold), "be positive");
        Require(GossipDifferentViewProbability is >= 0 and <= 1, nameof(GossipDifferentViewProbability), "be between 0 and 1");
        Require(HeartbeatHistory >= 2, nameof(HeartbeatHistory), "be at least 2");
        Require(MonitoredByNrOfMembers >= 1, nameof(MonitoredByNrOfMembers), "be at least 1");
        Require(MinNrOfMembers >= 1, nameof(MinNrOfMembers), "be at least 1");
        Require(MinNrOfMembersOfRole.Values.All(static n => n >= 1), nameof(MinNrOfMembersOfRole), "be at least 1 for every role");
        Require(Roles.All(static role => !string.IsNullOrWhiteSpace(role)), nameof(Roles), "not contain an empty role");
        Require(SeedNodes.All(static seed => seed.HasGlobalScope), nameof(SeedNodes), "have a host and a port each");
        if (DownAllWhenUnstable is { } limit && limit != Timeout.InfiniteTimeSpan)
            Positive(limit, nameof(DownAllWhenUnstable));
    }

    private static void Positive(TimeSpan value, string name) => Require(value > TimeSpan.Zero, name, "be longer than 0");

    private static void Require(bool holds, string name, string demand)
    {
        if (!holds)
            throw new ArgumentException($"{nameof(ClusterSetup)}.{name} must {demand}.", name);
    }
}
