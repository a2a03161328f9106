using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Takes in what the user's channels deliver and passes on to the live sessions what is next in line. A gap is read from the journal
/// first, in pieces, one at a time for each channel; what is delivered meanwhile is part of the gap. What the journal answers comes back
/// to the user actor as <see cref="GapRead"/>.
/// </summary>
internal sealed class DeliveryReceiver(
    Inbox inbox,
    UserSessions sessions,
    CursorSaver cursors,
    ReadCursors reads,
    bool isClustered,
    ITimelineReader timelines,
    IActorRef user,
    ITimerScheduler timers)
{
    private const int MaxEventsPerRead = 500;
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private ReceiptGuard? _told;

    public void Receive(Delivery delivery)
    {
        var position = inbox[delivery.Channel];
        if (position.NextOf(delivery) is { } next)
        {
            Forward(position, next);
        }
        else if (position.HearOf(delivery.Events[^1].Id))
        {
            ReadGap(delivery.Channel);
        }
    }

    /// <summary>The channel has events up to <paramref name="head"/>, delivered or not.</summary>
    public void HearOf(ChannelId channel, long head)
    {
        // Of a channel whose position is unknown nobody was sent anything: whoever attaches reads where it is.
        if (inbox[channel] is { IsKnown: true } position && position.HearOf(head))
        {
            ReadGap(channel);
        }
    }

    /// <summary>Reads the beginning of a channel's gap; does nothing if it has none.</summary>
    public void ReadGap(ChannelId channel)
    {
        if (inbox.Find(channel) is { HasGap: true } position)
        {
            timelines.ReadAsync(channel, position.Head + 1, position.Target, MaxEventsPerRead, backward: false, CancellationToken.None)
                .PipeTo(user, success: events => new GapRead(channel, events), failure: _ => new GapRead(channel, []));
        }
    }

    public void OnGapRead(GapRead gap)
    {
        if (inbox.Find(gap.Channel) is not { HasGap: true } position)
        {
            return; // left the channel meanwhile
        }

        if (gap.Events.Count == 0 || gap.Events[0].Id != position.Head + 1)
        {
            timers.StartSingleTimer(gap.Channel, new GapReadDue(gap.Channel), ReadAgainAfter);
            return;
        }

        Forward(position, new Delivery(gap.Channel, [.. gap.Events]));
        ReadGap(gap.Channel);
    }

    /// <summary>Members of one of the user's channels got further, perhaps the user too.</summary>
    public void Receive(ReceiptChanges receipts, UserId self)
    {
        var news = inbox.NewsOf(receipts, self);
        if (!news.Changes.IsEmpty && (isClustered ? (_told ??= new ReceiptGuard()).NewsOf(news) : news) is { } rest)
        {
            sessions.Announce(rest);
        }
    }

    /// <summary>The user has joined a channel or left it.</summary>
    public void Change(RecordMembership membership, UserState state)
    {
        if (membership.View is null)
        {
            inbox.Leave(membership.Channel);
            sessions.Announce(new ChannelDisappeared(membership.Channel));
        }
        else
        {
            inbox.Join(membership.Channel, membership.ChangeId - 1);
            sessions.Announce(new ChannelAppeared(membership.View));
        }

        reads.TellDigest(state);
        sessions.TellAll(WatchOutdated.Instance);
    }

    private void Forward(ChannelPosition position, Delivery delivery)
    {
        inbox.Append(delivery);
        cursors.Settle(delivery.Channel, position);
        sessions.Deliver(delivery);
        if (delivery.ChangesMembers)
        {
            sessions.TellAll(WatchOutdated.Instance); // also if it had to be read: the channel said it to nobody
        }
    }
}
