using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>What happens in the cluster, as this node learns of it; see <see cref="Cluster.Subscribe(IActorRef,Type[])"/>.</summary>
public class ClusterEvent
{
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;

    /// <summary>How a subscriber learns of what was before.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>The first message is a <see cref="CurrentClusterState"/>.</summary>
        InitialStateAsSnapshot,

        /// <summary>The first messages are the events, of the types subscribed to, that would have led here.</summary>
        InitialStateAsEvents,
    }

    public interface IClusterDomainEvent : IDeadLetterSuppression;

    /// <summary>A member has another status.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        Member Member { get; }
    }

    /// <summary>A member can't be reached any more, or can again.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent;

    /// <summary>The cluster as this node sees it.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        private readonly ImmutableDictionary<string, Address?> _roleLeaders;

        public CurrentClusterState() : this([], [], [], null, ImmutableDictionary<string, Address?>.Empty) { }

        public CurrentClusterState(
            ImmutableSortedSet<Member> members,
            ImmutableHashSet<Member> unreachable,
            ImmutableHashSet<Address> seenBy,
            Address? leader,
            ImmutableDictionary<string, Address?> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        /// <summary>All of them, by address, whatever their status.</summary>
        public ImmutableSortedSet<Member> Members { get; }

        /// <summary>Those that some member can't reach.</summary>
        public ImmutableHashSet<Member> Unreachable { get; }

        /// <summary>Who is known to see what this node sees.</summary>
        public ImmutableHashSet<Address> SeenBy { get; }

        /// <summary>Null while there is none.</summary>
        public Address? Leader { get; }

        public ImmutableHashSet<string> AllRoles => [.. _roleLeaders.Keys];

        /// <summary>The leader among the members of a role; null while there is none.</summary>
        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);
    }

    /// <summary>This node is no member any more; nothing follows but the removal of itself.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown() { }

        public override string ToString() => nameof(ClusterShuttingDown);
    }

    public abstract class MemberStatusChange : IMemberEvent
    {
        private protected MemberStatusChange(Member member, MemberStatus validStatus)
        {
            if (member.Status != validStatus)
                throw new ArgumentException($"Expected {validStatus} state, got: {member}", nameof(member));
            Member = member;
        }

        public Member Member { get; }

        public override bool Equals(object? obj) => obj?.GetType() == GetType() && Member.Equals(((MemberStatusChange)obj).Member);

        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        public override string ToString() => $"{GetType().Name}({Member})";
    }

    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>The last event of a member. It had left when it was <see cref="MemberStatus.Exiting"/> before, and else was declared dead.</summary>
    public sealed class MemberRemoved(Member member, MemberStatus previousStatus) : MemberStatusChange(member, MemberStatus.Removed)
    {
        public MemberStatus PreviousStatus { get; } = previousStatus;

        public override bool Equals(object? obj) => base.Equals(obj) && PreviousStatus == ((MemberRemoved)obj!).PreviousStatus;

        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), PreviousStatus);
    }

    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is LeaderChanged other && Leader == other.Leader;

        public override int GetHashCode() => HashCode.Combine(Leader);

        public override string ToString() => $"LeaderChanged({Leader})";
    }

    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        public string Role { get; } = role;

        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is RoleLeaderChanged other && Role == other.Role && Leader == other.Leader;

        public override int GetHashCode() => HashCode.Combine(Role, Leader);

        public override string ToString() => $"RoleLeaderChanged({Role}, {Leader})";
    }

    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        private protected ReachabilityEvent(Member member) => Member = member;

        public Member Member { get; }

        public override bool Equals(object? obj) => obj?.GetType() == GetType() && Member.Equals(((ReachabilityEvent)obj).Member);

        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        public override string ToString() => $"{GetType().Name}({Member})";
    }

    /// <summary>Some member can't reach this one.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>All that could not reach this member can again.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);
}
