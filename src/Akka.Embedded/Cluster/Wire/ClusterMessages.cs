using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>What nodes tell each other about the cluster. None of it is missed where it finds nobody.</summary>
internal interface IClusterMessage : IDeadLetterSuppression;

/// <summary>To a seed node: are you in a cluster that I can join?</summary>
internal sealed record InitJoin(UniqueAddress From, JoinTerms Terms) : IClusterMessage;

/// <summary>I am: send your <see cref="Join"/>.</summary>
/// <param name="From">Who answers.</param>
/// <param name="Size">How many members that cluster has; 0 if it is the asker's own.</param>
/// <param name="First">The first of them by address.</param>
internal sealed record InitJoinAck(Address From, int Size, Address First) : IClusterMessage;

/// <summary>I am not, or not in one for you.</summary>
/// <param name="From">Who answers.</param>
/// <param name="Mismatch">Why the node can't join this cluster, ever; empty if it may ask again.</param>
internal sealed record InitJoinNack(Address From, string Mismatch) : IClusterMessage;

/// <summary>Make this node a member.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles, JoinTerms Terms) : IClusterMessage
{
    public bool Equals(Join? other) =>
        other is not null && Node == other.Node && Terms == other.Terms && Roles.SetEquals(other.Roles);

    public override int GetHashCode() => Node.GetHashCode();
}

/// <summary>You are one; this is the cluster.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterMessage;

/// <summary>All that a node knows.</summary>
/// <param name="From">Who tells.</param>
/// <param name="To">Whom: another incarnation at that address has nothing to do with it.</param>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip) : IClusterMessage;

/// <summary>What a node knows, as digests: who knows something else answers with all that it knows.</summary>
/// <param name="Version">Of the <see cref="Gossip.Version"/>.</param>
/// <param name="Seen">Of who has seen that version.</param>
internal sealed record GossipStatus(UniqueAddress From, UniqueAddress To, ulong Version, ulong Seen) : IClusterMessage;

/// <summary>A node that is <see cref="MemberStatus.Exiting"/> has done what it had to, and will be gone in a moment.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Node) : IClusterMessage;

/// <summary>The node is no member any more, and has missed that.</summary>
internal sealed record YouAreRemoved(UniqueAddress From, UniqueAddress To) : IClusterMessage;

/// <summary>Are you there?</summary>
internal sealed record Heartbeat(UniqueAddress From) : IClusterMessage;

/// <summary>I am.</summary>
internal sealed record HeartbeatResponse(UniqueAddress From) : IClusterMessage;
