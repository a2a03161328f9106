using System.Collections.Immutable;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The members of a role that have been up, the oldest first, until they are removed. Immutable.</summary>
internal sealed class MembersByAge
{
    private readonly string? _role;

    private MembersByAge(string? role, ImmutableSortedSet<Member> members) => (_role, Members) = (role, members);

    public ImmutableSortedSet<Member> Members { get; }

    /// <summary>The one on which there is to be a singleton; null if there is none.</summary>
    public Member? Oldest => Members.FirstOrDefault(static member => member.Status is MemberStatus.Up or MemberStatus.Leaving);

    /// <param name="role">Null for all members.</param>
    public static MembersByAge Of(string? role) => new(role, ImmutableSortedSet.Create(Member.AgeOrdering));

    public Member? Find(UniqueAddress node) => Members.FirstOrDefault(member => member.UniqueAddress == node);

    public MembersByAge With(ClusterEvent.CurrentClusterState state) =>
        new(_role, Members.Clear().Union(state.Members.Where(Belongs)));

    public MembersByAge With(ClusterEvent.IMemberEvent change)
    {
        var member = change.Member;
        var others = Find(member.UniqueAddress) is { } known ? Members.Remove(known) : Members;
        return new MembersByAge(_role, Belongs(member) ? others.Add(member) : others);
    }

    private bool Belongs(Member member) =>
        member.Status != MemberStatus.Removed && member.UpNumber != Member.NoUpNumber && (_role is null || member.HasRole(_role));
}
