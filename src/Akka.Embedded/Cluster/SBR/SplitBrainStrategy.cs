using System.Collections.Immutable;

namespace Akka.Cluster.SBR;

/// <summary>Which side of a partition goes on; the others shut down.</summary>
/// <remarks>
/// Members that are joining don't count, and those that are exiting neither. But the other side may have learned of a change that this one
/// has not: a joining member there may be up, a leaving one here may be exiting. A side that would lose if that were so does not go on.
/// </remarks>
public abstract record SplitBrainStrategy
{
    private protected SplitBrainStrategy() { }

    /// <summary>Only members of this role count; null for all.</summary>
    public string? Role { get; init; }

    /// <param name="members">Of both sides.</param>
    /// <param name="unreachable">Those on the other side.</param>
    internal (Side Downed, string Reason) Decide(IEnumerable<Member> members, ImmutableSortedSet<UniqueAddress> unreachable)
    {
        var candidates = members.Where(member => Role is null || member.HasRole(Role))
            .Select(member => (Member: member, IsHere: !unreachable.Contains(member.UniqueAddress))).ToList();
        var bySight = Decide([.. candidates.Where(static c => c.Member.Status is MemberStatus.Up or MemberStatus.Leaving)]);
        if (bySight.Downed == Side.Reachable)
            return bySight;
        var atWorst = Decide([.. candidates.Where(static c => c.Member.Status switch
        {
            MemberStatus.Up => true,
            MemberStatus.Joining or MemberStatus.Leaving or MemberStatus.Exiting => !c.IsHere,
            _ => false,
        })]);
        return atWorst.Downed == Side.Unreachable
            ? bySight
            : (Side.Reachable, "members are just joining or leaving, so that the other side may decide to go on");
    }

    /// <param name="voters">The members that count, and whether each is on this side.</param>
    private protected abstract (Side Downed, string Reason) Decide(IReadOnlyList<(Member Member, bool IsHere)> voters);
}

/// <summary>The side with more than half of the members; of two halves the one with the lowest address.</summary>
public sealed record KeepMajority : SplitBrainStrategy
{
    private protected override (Side Downed, string Reason) Decide(IReadOnlyList<(Member Member, bool IsHere)> voters)
    {
        var here = voters.Count(static voter => voter.IsHere);
        var there = voters.Count - here;
        if (here != there)
        {
            return here > there
                ? (Side.Unreachable, $"{here} of {voters.Count} members are on this side")
                : (Side.Reachable, $"only {here} of {voters.Count} members are on this side");
        }

        // When there are no voters at all nobody may go on.
        return voters.Count > 0 && voters.MinBy(static voter => voter.Member).IsHere
            ? (Side.Unreachable, $"{here} of {voters.Count} members are on this side, with the lowest address")
            : (Side.Reachable, $"only {here} of {voters.Count} members are on this side, without the lowest address");
    }
}

/// <summary>The side with the oldest member.</summary>
public sealed record KeepOldest : SplitBrainStrategy
{
    /// <summary>The oldest is downed if it is alone and the others are at least two.</summary>
    public bool DownIfAlone { get; init; } = true;

    private protected override (Side Downed, string Reason) Decide(IReadOnlyList<(Member Member, bool IsHere)> voters)
    {
        if (voters.Count == 0)
            return (Side.Reachable, "there is no oldest member");
        var oldest = voters.MinBy(static voter => voter.Member, Member.AgeOrdering);
        if (DownIfAlone && voters.Count > 2 && voters.Count(voter => voter.IsHere == oldest.IsHere) == 1)
        {
            return oldest.IsHere
                ? (Side.Reachable, "the oldest member is on this side, alone")
                : (Side.Unreachable, $"the oldest member {oldest.Member.Address} is on the other side, alone");
        }

        return oldest.IsHere
            ? (Side.Unreachable, $"the oldest member {oldest.Member.Address} is on this side")
            : (Side.Reachable, $"the oldest member {oldest.Member.Address} is on the other side");
    }
}
