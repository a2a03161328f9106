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

    /// <summary>Removes a member; the owner only as the last one, see <see cref="Heir"/>.</summary>
    public MemberList Remove(UserId user)
    {
        var leaving = Find(user) ?? throw new InvalidOperationException("the user isn't a member");
        var rest = Members.Remove(leaving);
        return rest.IsEmpty ? Empty
            : leaving.Role == MemberRole.Owner ? throw new InvalidOperationException("the owner leaves others behind without an owner")
            : new MemberList(rest);
    }

    /// <summary>Sets a member's role. A new owner turns the one before into an admin, so that there is always one.</summary>
    public MemberList SetRole(UserId user, MemberRole role)
    {
        var member = Find(user) ?? throw new InvalidOperationException("the user isn't a member");
        var members = Members;
        if (role == MemberRole.Owner && members.FirstOrDefault(m => m.Role == MemberRole.Owner) is { } owner)
        {
            members = members.Replace(owner, owner with { Role = MemberRole.Admin });
        }

        return new MemberList([.. members.Select(m => m.User == user ? member with { Role = role } : m)]);
    }

    /// <summary>Who becomes the owner when the owner goes: the longest-standing admin, else the longest-standing member; null if there is
    /// nobody else.</summary>
    public Member? Heir() =>
        Members.FirstOrDefault(m => m.Role == MemberRole.Admin) ?? Members.FirstOrDefault(m => m.Role == MemberRole.Member);
}
