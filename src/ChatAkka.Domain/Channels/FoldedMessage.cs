using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>Who reacted to a message with one emoji.</summary>
/// <param name="Users">In the order in which they reacted.</param>
public sealed record Reaction(string Emoji, ImmutableArray<UserId> Users);

/// <summary>A message as it is now: what was posted, and what its annotations made of it.</summary>
/// <param name="Posted">The message as it was posted; its text may be outdated.</param>
/// <param name="Text">The text now; empty if it was deleted.</param>
/// <param name="EditedAt">When it was edited last, in ms since the Unix epoch; 0 if never.</param>
/// <param name="Deleted">Nothing but its place in the timeline is left of it.</param>
/// <param name="Reactions">Those that stand; the emoji of the oldest one first.</param>
public sealed record FoldedMessage(MessagePosted Posted, string Text, long EditedAt, bool Deleted, ImmutableArray<Reaction> Reactions)
{
    /// <summary>Folds a message.</summary>
    /// <param name="annotations">Its annotations, in any order; those of other messages are ignored. Of each slot the newest must be
    /// there.</param>
    public static FoldedMessage Of(MessagePosted posted, IEnumerable<Annotation> annotations)
    {
        MessageEdited? edit = null;
        List<ReactionAdded>? reactions = null;
        foreach (var newest in annotations.Where(a => a.Target == posted.Id).GroupBy(a => a.Slot).Select(slot => slot.MaxBy(a => a.Id)))
        {
            switch (newest)
            {
                case MessageDeleted:
                    return new FoldedMessage(posted, "", 0, Deleted: true, []);
                case MessageEdited edited:
                    edit = edited;
                    break;
                case ReactionAdded reaction:
                    (reactions ??= []).Add(reaction);
                    break;
            }
        }

        return new FoldedMessage(
            posted, edit?.Text ?? posted.Text, edit?.At ?? 0, Deleted: false, reactions is null ? [] : Group(reactions));
    }

    /// <summary>Folds the messages of a page.</summary>
    /// <param name="annotations">The annotations of all of them, in any order.</param>
    public static IReadOnlyList<FoldedMessage> Of(IReadOnlyList<MessagePosted> page, IReadOnlyCollection<Annotation> annotations)
    {
        if (annotations.Count == 0)
        {
            return [.. page.Select(message => Of(message, []))];
        }

        var byTarget = annotations.ToLookup(a => a.Target);
        return [.. page.Select(message => Of(message, byTarget[message.Id]))];
    }

    private static ImmutableArray<Reaction> Group(List<ReactionAdded> reactions) =>
    [
        .. reactions.OrderBy(reaction => reaction.Id).GroupBy(reaction => reaction.Emoji)
            .Select(same => new Reaction(same.Key, [.. same.Select(reaction => reaction.From)])),
    ];
}
