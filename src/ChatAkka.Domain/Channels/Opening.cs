using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>Commands that bring a channel into being; decided here only while it doesn't exist.</summary>
internal static class Opening
{
    public static Decision Decide(ChannelState state, OpenDirect open, DecisionContext context) =>
        Refuse(state, open, context) ?? state.Changed(open, Direct(state, open, context));

    /// <summary>The first message opens the channel: both events in one decision, so that they are stored together or not at all.</summary>
    public static Decision Decide(ChannelState state, PostMessage post, DecisionContext context)
    {
        if (Refuse(state, post, context) is { } refusal)
        {
            return refusal;
        }

        var created = Direct(state, post, context);
        return Posting.Decide(Channel.Apply(state, created), post, context) switch
        {
            Accepted accepted => accepted with { Events = accepted.Events.Insert(0, created) },
            var other => other,
        };
    }

    public static Decision Decide(ChannelState state, CreateGroup create, DecisionContext context)
    {
        if (state.Id.IsDirect)
        {
            return create.Decline(Refusal.ChannelNotFound);
        }

        var others = create.Members.Where(u => u != create.By).Distinct().ToImmutableArray();
        if (others.Length + 1 > context.MaxGroupSize)
        {
            return create.Decline(Refusal.GroupTooLarge);
        }

        if (others.Length > 0 && context.Facts is null)
        {
            return new Undecided(others, []);
        }

        if (others.Any(u => context.Facts!.MissingUsers.Contains(u)))
        {
            return create.Decline(Refusal.UserNotFound);
        }

        var members = others.Select(u => new Member(u, MemberRole.Member, 1)).Prepend(new Member(create.By, MemberRole.Owner, 1));
        return state.Changed(create, new ChannelCreated(1, context.Now, create.By, ChannelKind.Group, create.Title, [.. members]));
    }

    private static Decision? Refuse(ChannelState state, ChannelCommand command, DecisionContext context)
    {
        if (!state.Id.IsDirect)
        {
            return command.Decline(Refusal.ChannelNotFound);
        }

        var (smaller, larger) = state.Id.Users;
        if (command.By != smaller && command.By != larger)
        {
            return command.Decline(Refusal.ChannelNotFound);
        }

        var other = command.By == smaller ? larger : smaller;
        if (context.Facts is null)
        {
            return new Undecided([other], []);
        }

        return context.Facts.MissingUsers.Contains(other) ? command.Decline(Refusal.UserNotFound) : null;
    }

    private static ChannelCreated Direct(ChannelState state, ChannelCommand command, DecisionContext context)
    {
        var (smaller, larger) = state.Id.Users;
        Member[] members = [new(smaller, MemberRole.Member, 1), new(larger, MemberRole.Member, 1)];
        return new ChannelCreated(1, context.Now, command.By, ChannelKind.Direct, "", [.. members]);
    }
}
