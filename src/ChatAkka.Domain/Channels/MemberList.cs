using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// The members of a channel, the longest-standing first: the order in which they were added, which is also the order in which
/// ownership passes. Immutable; a small list is scanned, a large one gets an index at its first look-up.
/// </summary>
internal sealed class MemberList
{
    public static readonly MemberList Empty = new([]);

    private const int ScanAtMost = 16;

    private Dictionary<UserId, Member>? _index;

    public MemberList(ImmutableArray<Member> members) => Members = members;

    public ImmutableArray<Member> Members { get; }

    public Member? Find(UserId user)
    {
        if (Members.Length > ScanAtMost)
        {
            // Racing readers build equal indexes; either may stay.
            return (_index ??= Members.ToDictionary(m => m.User)).GetValueOrDefault(user);
        }

        foreach (var member in Members)
        {
            if (member.User == user)
            {
                return member;
            }
        }

        return null;
    }

    public MemberList Add(Member member) =>
        Find(member.User) is null
            ? new MemberList(Members.Add(member))
            : throw new InvalidOperationException("the user is a member already");

    /// <summary>When the owner goes, ownership passes to the longest-standing admin, else to the longest-standing member.</summary>
    public MemberList Remove(UserId user)
    {
        var leaving = Find(user) ?? throw new InvalidOperationException("the user isn't a member");
        var rest = Members.Remove(leaving);
        if (leaving.Role == MemberRole.Owner && rest.Length > 0)
        {
            var heir = rest.FirstOrDefault(m => m.Role == MemberRole.Admin) ?? rest[0];
            rest = rest.Replace(heir, heir with { Role = MemberRole.Owner });
        }

        return rest.IsEmpty ? Empty : new MemberList(rest);
    }
}
