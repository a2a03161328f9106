namespace ChatAkka.Domain.Channels;

/// <summary>Who belongs to a group and what it is called. The caller is a member; a direct channel has none of this.</summary>
internal static class Membership
{
    public static Decision Decide(ChannelState state, Member caller, AddMember add, DecisionContext context)
    {
        if (!MayManage(state, caller))
        {
            return add.Decline(Refusal.NotAllowed);
        }

        if (state.Find(add.User) is not null)
        {
            return state.Unchanged(add);
        }

        if (state.Members.Length >= context.MaxGroupSize)
        {
            return add.Decline(Refusal.GroupTooLarge);
        }

        if (context.Facts is null)
        {
            return new Undecided([add.User], []);
        }

        return context.Facts.MissingUsers.Contains(add.User)
            ? add.Decline(Refusal.UserNotFound)
            : state.Changed(add, new MemberAdded(state.Head + 1, state.N, context.Now, add.By, add.User, MemberRole.Member));
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
        return leaves || caller.Role > target.Role
            ? state.Changed(remove, new MemberRemoved(state.Head + 1, state.N, context.Now, remove.By, target.User, target.Role))
            : remove.Decline(Refusal.NotAllowed);
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

    private static bool MayManage(ChannelState state, Member caller) => state.Kind == ChannelKind.Group && caller.Role >= MemberRole.Admin;
}
