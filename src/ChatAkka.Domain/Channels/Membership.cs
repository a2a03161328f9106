using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>Who belongs to a group and what it is called. The caller is a member; a direct channel has none of this.</summary>
internal static class Membership
{
    public static Decision Decide(ChannelState state, Member caller, AddMember add, DecisionContext context)
    {
        if (!MayManage(state, caller) || (add.Role is not null && add.Role != RoleOf(state, add.User) && caller.Role != MemberRole.Owner))
        {
            return add.Decline(Refusal.NotAllowed);
        }

        if (state.Find(add.User) is { } member)
        {
            return SetRole(state, member, add, context);
        }

        if (state.Members.Length >= context.MaxGroupSize)
        {
            return add.Decline(Refusal.GroupTooLarge);
        }

        if (context.Facts is null)
        {
            return new Undecided([add.User], []);
        }

        if (context.Facts.MissingUsers.Contains(add.User))
        {
            return add.Decline(Refusal.UserNotFound);
        }

        // Ownership passes between members only: two events, the second of which makes the newcomer the owner.
        var first = add.Role == MemberRole.Owner ? MemberRole.Member : add.Role ?? MemberRole.Member;
        var added = new MemberAdded(state.Head + 1, state.N, context.Now, add.By, add.User, first);
        return add.Role == MemberRole.Owner
            ? state.Changed(add, added, new RoleChanged(state.Head + 2, state.N, context.Now, add.By, add.User, MemberRole.Owner))
            : state.Changed(add, added);
    }

    public static Decision Decide(ChannelState state, Member caller, RemoveMember remove, DecisionContext context)
    {
        var leaves = remove.User == remove.By;
        if (state.Kind == ChannelKind.Direct || (!leaves && !MayManage(state, caller)))
        {
            return remove.Decline(Refusal.NotAllowed);
        }

        if (state.Find(remove.User) is not { } target)
        {
            return state.Unchanged(remove);
        }

        // Whoever manages may remove those below them: the owner anybody, an admin plain members.
        if (!leaves && caller.Role <= target.Role)
        {
            return remove.Decline(Refusal.NotAllowed);
        }

        return target.Role == MemberRole.Owner && state.MemberList.Heir() is { } heir
            ? state.Changed(
                remove,
                new RoleChanged(state.Head + 1, state.N, context.Now, remove.By, heir.User, MemberRole.Owner),
                new MemberRemoved(state.Head + 2, state.N, context.Now, remove.By, target.User, MemberRole.Admin))
            : state.Changed(remove, new MemberRemoved(state.Head + 1, state.N, context.Now, remove.By, target.User, target.Role));
    }

    public static Decision Decide(ChannelState state, Member caller, ChangeTitle change, DecisionContext context)
    {
        if (!MayManage(state, caller))
        {
            return change.Decline(Refusal.NotAllowed);
        }

        return state.Title == change.Title
            ? state.Unchanged(change)
            : state.Changed(change, new TitleChanged(state.Head + 1, state.N, context.Now, change.By, change.Title));
    }

    // There is no group without an owner: who is it stops being it only by passing it on.
    private static Decision SetRole(ChannelState state, Member member, AddMember add, DecisionContext context)
    {
        if (add.Role is not { } role || role == member.Role)
        {
            return state.Unchanged(add);
        }

        return member.Role == MemberRole.Owner
            ? add.Decline(Refusal.NotAllowed)
            : state.Changed(add, new RoleChanged(state.Head + 1, state.N, context.Now, add.By, add.User, role));
    }

    private static MemberRole RoleOf(ChannelState state, UserId user) => state.Find(user)?.Role ?? MemberRole.Member;

    private static bool MayManage(ChannelState state, Member caller) => state.Kind == ChannelKind.Group && caller.Role >= MemberRole.Admin;
}
