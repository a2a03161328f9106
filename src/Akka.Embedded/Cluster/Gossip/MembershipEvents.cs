namespace Akka.Cluster;

/// <summary>What subscribers are told of the way from one state to the next.</summary>
internal static class MembershipEvents
{
    /// <summary>Who is unreachable comes first, then who is reachable again, what became of members, and who leads.</summary>
    public static List<ClusterEvent.IClusterDomainEvent> Between(MembershipState before, MembershipState after)
    {
        var events = new List<ClusterEvent.IClusterDomainEvent>();
        if (before.IsSameMembership(after))
            return events;
        AddReachability(before, after, events);
        AddMembers(before, after, events);
        AddLeaders(before, after, events);
        return events;
    }

    private static void AddReachability(MembershipState before, MembershipState after, List<ClusterEvent.IClusterDomainEvent> events)
    {
        foreach (var member in after.UnreachableMembers)
        {
            if (before.Reachability.IsReachable(member.UniqueAddress))
                events.Add(new ClusterEvent.UnreachableMember(member));
        }

        foreach (var member in before.UnreachableMembers)
        {
            if (after.Members.TryGetValue(member.UniqueAddress, out var now) && after.Reachability.IsReachable(member.UniqueAddress))
                events.Add(new ClusterEvent.ReachableMember(now));
        }
    }

    private static void AddMembers(MembershipState before, MembershipState after, List<ClusterEvent.IClusterDomainEvent> events)
    {
        foreach (var member in after.Members.Values)
        {
            if (!before.Members.TryGetValue(member.UniqueAddress, out var known) || known.Status != member.Status)
                events.Add(EventOf(member));
        }

        foreach (var member in before.Members.Values)
        {
            if (!after.Members.ContainsKey(member.UniqueAddress))
                events.Add(new ClusterEvent.MemberRemoved(member.Copy(MemberStatus.Removed), member.Status));
        }
    }

    private static void AddLeaders(MembershipState before, MembershipState after, List<ClusterEvent.IClusterDomainEvent> events)
    {
        if (before.Leader?.UniqueAddress != after.Leader?.UniqueAddress)
            events.Add(new ClusterEvent.LeaderChanged(after.Leader?.Address));
        var roles = before.Members.Values.Concat(after.Members.Values).SelectMany(static member => member.Roles).Distinct().Order();
        foreach (var role in roles)
        {
            var leader = after.LeaderAmong(member => member.HasRole(role));
            if (before.LeaderAmong(member => member.HasRole(role))?.UniqueAddress != leader?.UniqueAddress)
                events.Add(new ClusterEvent.RoleLeaderChanged(role, leader?.Address));
        }
    }

    private static ClusterEvent.IClusterDomainEvent EventOf(Member member) => member.Status switch
    {
        MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
        MemberStatus.Up => new ClusterEvent.MemberUp(member),
        MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
        MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
        _ => new ClusterEvent.MemberDowned(member),
    };
}
