using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>What the leader changes when all know what it knows. Pure.</summary>
internal static class LeaderActions
{
    /// <summary>The changed gossip, without a new version; the same instance when nothing is to be done.</summary>
    /// <param name="state">Converged.</param>
    /// <param name="exitingConfirmed">Members that said that they are gone.</param>
    /// <param name="setup">How many members it takes to begin.</param>
    /// <param name="now">The time of removal.</param>
    public static Gossip Apply(
        MembershipState state, ImmutableSortedSet<UniqueAddress> exitingConfirmed, ClusterSetup setup, DateTimeOffset now)
    {
        var gossip = state.Gossip;
        var removed = state.Members.Values.Where(member => IsGone(state, member, exitingConfirmed))
            .Select(static member => member.UniqueAddress).ToList();
        if (removed.Count > 0)
            gossip = gossip.Remove(removed, now);
        var mayBegin = HasEnoughMembers(gossip, setup);
        var upNumber = gossip.Members.Values.Where(static member => member.UpNumber != Member.NoUpNumber)
            .Select(static member => member.UpNumber).DefaultIfEmpty(0).Max();
        foreach (var member in gossip.Members.Values)
        {
            if (member.Status == MemberStatus.Leaving)
                gossip = gossip.WithMember(member.Copy(MemberStatus.Exiting));
            else if (member.Status == MemberStatus.Joining && mayBegin)
                gossip = gossip.WithMember(member.CopyUp(++upNumber));
        }

        return gossip.Forget(removedBefore: now - setup.PruneGossipTombstonesAfter);
    }

    /// <summary>It can't come back: it is down or exiting and doesn't answer, or it said that it is gone.</summary>
    private static bool IsGone(MembershipState state, Member member, ImmutableSortedSet<UniqueAddress> exitingConfirmed) => member.Status switch
    {
        MemberStatus.Exiting => member.UniqueAddress != state.Self
            && (exitingConfirmed.Contains(member.UniqueAddress) || !state.Reachability.IsReachable(member.UniqueAddress)),
        MemberStatus.Down => !state.Reachability.IsReachable(member.UniqueAddress),
        _ => false,
    };

    private static bool HasEnoughMembers(Gossip gossip, ClusterSetup setup)
    {
        var present = gossip.Members.Values.Where(static member => member.Status is not (MemberStatus.Down or MemberStatus.Exiting)).ToList();
        return present.Count >= setup.MinNrOfMembers
            && setup.MinNrOfMembersOfRole.All(needed => present.Count(member => member.HasRole(needed.Key)) >= needed.Value);
    }
}
