using System.Collections.Immutable;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// Edits, deletions and reactions. Each is decided against the message as it is now, which is read from the journal: the state holds no
/// texts. What is so already is answered with the event that made it so, which makes every one of them safe to repeat; and what its user
/// has changed since it was asked for stays as it is (<see cref="Refusal.Outdated"/>), which makes it safe to be late.
/// </summary>
internal static class Annotating
{
    public static Decision Decide(ChannelState state, Member caller, AnnotateMessage command, DecisionContext context)
    {
        if (command.Target < 1 || command.Target > state.Head || state.Sends.IsMessage(command.Target) is false)
        {
            return command.Decline(Refusal.MessageNotFound);
        }

        if (context.Facts is not { } facts || facts.Target != command.Target)
        {
            return new Undecided([], [new IdRange(command.Target, command.Target)], command.Target);
        }

        if (facts.Events.OfType<MessagePosted>().FirstOrDefault(m => m.Id == command.Target) is not { } message)
        {
            return command.Decline(Refusal.MessageNotFound);
        }

        return command switch
        {
            EditMessage edit => Decide(state, edit, message, facts.Annotations, context.Now),
            DeleteMessage delete => Decide(state, caller, delete, message, facts.Annotations, context.Now),
            AddReaction add => Decide(state, add, message, facts.Annotations, context.Now),
            RemoveReaction remove => Decide(state, remove, message, facts.Annotations, context.Now),
            _ => throw new ArgumentException($"no rule for the command {command.GetType().Name}", nameof(command)),
        };
    }

    private static Decision Decide(
        ChannelState state, EditMessage edit, MessagePosted message, ImmutableArray<Annotation> annotations, long now)
    {
        if (message.From != edit.By)
        {
            return edit.Decline(Refusal.NotAllowed);
        }

        var made = new MessageEdited(state.Head + 1, state.N, now, edit.By, edit.Target, edit.Text);
        return Newest(annotations, made.Slot) switch
        {
            MessageDeleted => edit.Decline(Refusal.MessageNotFound),
            MessageEdited last when last.Text == edit.Text => Known(edit, last),
            MessageEdited last when IsNews(last, edit.Seen) => edit.Decline(Refusal.Outdated),
            null when message.Text == edit.Text => Known(edit, message),
            _ => Make(edit, made),
        };
    }

    private static Decision Decide(
        ChannelState state, Member caller, DeleteMessage delete, MessagePosted message, ImmutableArray<Annotation> annotations, long now)
    {
        if (message.From != delete.By && caller.Role < MemberRole.Admin)
        {
            return delete.Decline(Refusal.NotAllowed);
        }

        var made = new MessageDeleted(state.Head + 1, state.N, now, delete.By, delete.Target);
        return Newest(annotations, made.Slot) is MessageDeleted last ? Known(delete, last) : Make(delete, made);
    }

    private static Decision Decide(
        ChannelState state, AddReaction add, MessagePosted message, ImmutableArray<Annotation> annotations, long now)
    {
        var made = new ReactionAdded(state.Head + 1, state.N, now, add.By, add.Target, add.Emoji);
        var newest = Newest(annotations, made.Slot);
        if (newest is ReactionAdded last)
        {
            return Known(add, last);
        }

        var folded = FoldedMessage.Of(message, annotations);
        if (folded.Deleted)
        {
            return add.Decline(Refusal.MessageNotFound);
        }

        if (newest is not null && IsNews(newest, add.Seen))
        {
            return add.Decline(Refusal.Outdated);
        }

        return folded.Reactions.Length >= Emoji.MaxOnMessage && folded.Reactions.All(r => r.Emoji != add.Emoji)
            ? add.Decline(Refusal.NotAllowed)
            : Make(add, made);
    }

    private static Decision Decide(
        ChannelState state, RemoveReaction remove, MessagePosted message, ImmutableArray<Annotation> annotations, long now)
    {
        var made = new ReactionRemoved(state.Head + 1, state.N, now, remove.By, remove.Target, remove.Emoji);
        return Newest(annotations, made.Slot) switch
        {
            ReactionRemoved last => Known(remove, last),
            ReactionAdded last when !FoldedMessage.Of(message, annotations).Deleted =>
                IsNews(last, remove.Seen) ? remove.Decline(Refusal.Outdated) : Make(remove, made),
            _ => remove.Decline(Refusal.MessageNotFound),
        };
    }

    private static Annotation? Newest(ImmutableArray<Annotation> annotations, string slot) =>
        annotations.Where(a => a.Slot == slot).MaxBy(a => a.Id);

    private static bool IsNews(Annotation newest, long seen) => seen != 0 && newest.Id > seen;

    private static Accepted Make(AnnotateMessage command, Annotation made) =>
        new([made], new Annotated(command.Channel, command.Request, made.Id));

    private static Accepted Known(AnnotateMessage command, ChannelEvent e) =>
        new([], new Annotated(command.Channel, command.Request, e.Id));
}
