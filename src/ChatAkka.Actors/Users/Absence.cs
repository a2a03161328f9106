using System.Runtime.InteropServices;
using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;

namespace ChatAkka.Actors.Users;

/// <summary>
/// A user of whom no device is connected: what comes meanwhile is owed as a push, one a channel until the user returns.
/// <para>
/// Each channel is looked at up to some event: of what lies above what the devices have said to have, the first message of somebody else makes the push. A
/// channel that asks whether the user has everything is answered only when it was looked at that far and the push is stored, so no crash
/// makes a push forgotten. Looking twice is harmless: the outbox knows which channels have one.
/// </para>
/// </summary>
internal sealed class Absence(UserId user, UserServices services, IPushOutbox outbox, IActorRef self, ITimerScheduler timers)
{
    private const int EventsPerRead = 200;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ChannelId, Look> _looks = [];

    /// <summary>These events have come; nothing below them is known to be missing.</summary>
    /// <param name="from">The user has everything up to here, or wasn't a member.</param>
    public void HearOf(Delivery delivery, long from)
    {
        ref var look = ref CollectionsMarshal.GetValueRefOrAddDefault(_looks, delivery.Channel, out var isKnown);
        if (isKnown && look.Seen == delivery.Events[0].Id - 1 && !look.IsLooking && !delivery.Events.Any(Matters))
        {
            look.Seen = look.Wanted = delivery.Events[^1].Id;
        }
        else
        {
            HearOf(delivery.Channel, from, delivery.Events[^1].Id);
        }
    }

    /// <summary>The channel has events up to <paramref name="head"/>.</summary>
    /// <param name="from">The user has everything up to here, or wasn't a member.</param>
    /// <param name="asker">Who is to hear when it was looked at that far; nobody if null.</param>
    public void HearOf(ChannelId channel, long from, long head, IActorRef? asker = null)
    {
        ref var look = ref CollectionsMarshal.GetValueRefOrAddDefault(_looks, channel, out _);
        look.From = Math.Max(look.From, from);
        look.Seen = Math.Max(look.Seen, look.IsOwed ? head : from);
        look.Wanted = Math.Max(look.Wanted, head);
        if (look.Seen >= head)
        {
            asker?.Tell(new DeliveryAcknowledged(channel, user, head));
            return;
        }

        (look.Asker, look.AskedFor) = asker is null ? (look.Asker, look.AskedFor) : (asker, head);
        Begin(channel, ref look);
    }

    /// <summary>Forgets a channel that the user has left or muted. If it asks again, nothing is owed.</summary>
    public void Forget(ChannelId channel) => _looks.Remove(channel);

    public void OnReviewed(AbsenceReviewed reviewed)
    {
        ref var look = ref CollectionsMarshal.GetValueRefOrNullRef(_looks, reviewed.Channel);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref look))
        {
            return;
        }

        look.IsLooking = false;
        look.IsOwed |= reviewed.IsOwed;
        look.Seen = Math.Max(look.Seen, look.IsOwed ? look.Wanted : reviewed.To);
        if (look.Asker is { } asker && look.AskedFor <= look.Seen)
        {
            asker.Tell(new DeliveryAcknowledged(reviewed.Channel, user, look.AskedFor));
            look.Asker = null;
        }

        Begin(reviewed.Channel, ref look);
    }

    public void OnFailed(AbsenceReviewFailed failed)
    {
        ref var look = ref CollectionsMarshal.GetValueRefOrNullRef(_looks, failed.Channel);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref look))
        {
            look.IsLooking = false;
            timers.StartSingleTimer(AbsenceReviewDue.Instance, AbsenceReviewDue.Instance, Again);
        }
    }

    /// <summary>The outbox was emptied: what was owed is to be found again.</summary>
    public void StartOver()
    {
        foreach (var channel in _looks.Keys.ToArray())
        {
            ref var look = ref CollectionsMarshal.GetValueRefOrNullRef(_looks, channel);
            (look.Seen, look.IsOwed) = (look.From, false);
            Begin(channel, ref look);
        }
    }

    /// <summary>Tries again what could not be done.</summary>
    public void LookAgain()
    {
        foreach (var channel in _looks.Keys.ToArray())
        {
            Begin(channel, ref CollectionsMarshal.GetValueRefOrNullRef(_looks, channel));
        }
    }

    // One look at a time for each channel; what is heard meanwhile belongs to the next.
    private void Begin(ChannelId channel, ref Look look)
    {
        if (look.IsLooking || look.Seen >= look.Wanted)
        {
            return;
        }

        look.IsLooking = true;
        var to = look.Wanted;
        ReviewAsync(channel, look.Seen, to).PipeTo(
            self,
            success: isOwed => new AbsenceReviewed(this, channel, to, isOwed),
            failure: _ => new AbsenceReviewFailed(channel));
    }

    private async Task<bool> ReviewAsync(ChannelId channel, long after, long to)
    {
        foreach (var receipt in await services.Receipts.FindAsync(channel, [user], CancellationToken.None).ConfigureAwait(false))
        {
            after = Math.Max(after, Math.Max(receipt.Delivered, receipt.Read));
        }

        while (after < to)
        {
            var events = await services.Timelines.ReadAsync(channel, after + 1, to, EventsPerRead, backward: false, CancellationToken.None).ConfigureAwait(false);
            if (events.FirstOrDefault(Matters) is { } first)
            {
                await outbox.AddAsync([new PushRequest(user, channel, first.Id, first.At)], CancellationToken.None).ConfigureAwait(false);
                return true;
            }

            after = events.Count > 0 ? events[^1].Id : to;
        }

        return false;
    }

    private bool Matters(ChannelEvent e) => e is MessagePosted && e.From != user;

    /// <summary>How far a channel was looked at.</summary>
    private struct Look
    {
        /// <summary>The user has everything up to here.</summary>
        public long From;

        /// <summary>Nothing up to here needs looking at any more.</summary>
        public long Seen;

        /// <summary>Up to here it is to be looked at.</summary>
        public long Wanted;

        /// <summary>A push is stored: until the user returns nothing else is to be done.</summary>
        public bool IsOwed;

        public bool IsLooking;

        /// <summary>Who waits for an answer, and for which event; the newest question covers the others.</summary>
        public IActorRef? Asker;
        public long AskedFor;
    }
}
