using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// Posting a message exactly once (P3). The send log only says where an earlier attempt may be; whether it is one is decided by
/// reading the event itself, never by a hash.
/// </summary>
internal static class Posting
{
    private const int MaxMentions = 100;

    public static Decision Decide(ChannelState state, PostMessage post, DecisionContext context)
    {
        var needed = state.Sends.Candidates(post.Device, post.ClientId);
        var repliesToMessage = post.ReplyTo == 0 ? true : state.Sends.IsMessage(post.ReplyTo);
        if (repliesToMessage is null && !needed.Any(r => r.From <= post.ReplyTo && post.ReplyTo <= r.To))
        {
            needed = needed.Add(new IdRange(post.ReplyTo, post.ReplyTo));
        }

        if (!needed.IsEmpty)
        {
            if (!Covers(context.Facts, needed))
            {
                return new Undecided([], needed);
            }

            // The repeat comes before every other judgement: whatever else it says now, it is the message that was stored then.
            if (FindEarlierAttempt(context.Facts!, post) is { } earlier)
            {
                return new Accepted([], new Posted(post.Channel, post.Request, earlier.Id, earlier.N, earlier.At, Duplicate: true));
            }

            repliesToMessage ??= context.Facts!.Events.Any(e => e is MessagePosted && e.Id == post.ReplyTo);
        }

        if (repliesToMessage is false)
        {
            return post.Decline(Refusal.MessageNotFound);
        }

        var mentions = MentionedMembers(state, post.Mentions);
        var posted = new MessagePosted(
            state.Head + 1, state.N + 1, context.Now, post.By, post.Device, post.ClientId, post.Text, post.ReplyTo, mentions);
        return new Accepted([posted], new Posted(post.Channel, post.Request, posted.Id, posted.N, posted.At, Duplicate: false));
    }

    // Facts may have been loaded for an older state; an attempt accepted meanwhile would be missing from them.
    private static bool Covers(Facts? facts, ImmutableArray<IdRange> needed)
    {
        if (facts is null)
        {
            return false;
        }

        var ids = facts.Events.Select(e => e.Id).ToHashSet();
        return needed.All(r => Enumerable.Range(0, (int)(r.To - r.From + 1)).All(i => ids.Contains(r.From + i)));
    }

    private static MessagePosted? FindEarlierAttempt(Facts facts, PostMessage post) =>
        facts.Events.OfType<MessagePosted>().Where(m => m.Device == post.Device && m.ClientId == post.ClientId).MinBy(m => m.Id);

    private static ImmutableArray<UserId> MentionedMembers(ChannelState state, ImmutableArray<UserId> mentions) =>
        mentions.IsDefaultOrEmpty ? [] : [.. mentions.Distinct().Where(u => state.Find(u) is not null).Take(MaxMentions)];
}
