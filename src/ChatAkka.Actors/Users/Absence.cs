using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;

namespace ChatAkka.Actors.Users;

/// <summary>
/// A user of whom no device is connected: what comes meanwhile is owed as a push, one a channel until the user returns.
/// <para>
/// Each channel is looked at up to some event: of what lies above what the devices have said to have, the first message of somebody else
/// makes the push. A channel that asks whether the user has everything is answered only when it was looked at that far and the push is
/// stored, so no crash makes a push forgotten. Looking twice is harmless: the outbox knows which channels have one.
/// </para>
/// </summary>
internal sealed class Absence(UserId user, UserServices services, IPushOutbox outbox, IActorRef self, ITimerScheduler timers)
{
    /// <summary>How long what failed waits to be tried again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private const int EventsPerRead = 200;

    private readonly Dictionary<ChannelId, Look> _looks = [];

    /// <summary>It isn't certain yet that the user is away: what comes is noted, nothing is looked at, and nobody is answered.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Something is still to be looked at.</summary>
    public bool IsUnfinished => _looks.Values.Any(static look => look.Seen < look.Wanted);

    /// <summary>These events have come; nothing below them is known to be missing.</summary>
    /// <param name="from">The user has everything up to here, or wasn't a member.</param>
    public void HearOf(Delivery delivery, long from)
    {
        if (_looks.TryGetValue(delivery.Channel, out var look)
            && look.Seen == delivery.Events[0].Id - 1 && !look.IsLooking && !delivery.Events.Any(Matters))
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
        if (!_looks.TryGetValue(channel, out var look))
        {
            _looks.Add(channel, look = new Look());
        }

        look.From = Math.Max(look.From, from);
        look.Seen = Math.Max(look.Seen, look.IsOwed ? head : from);
        look.Wanted = Math.Max(look.Wanted, head);
        if (look.Seen >= head)
        {
            asker?.Tell(new DeliveryAcknowledged(channel, user, head));
            return;
        }

        (look.Asker, look.AskedFor) = asker is null ? (look.Asker, look.AskedFor) : (asker, head);
        Begin(channel, look);
    }

    /// <summary>Forgets a channel that the user has left or muted. If it asks again, nothing is owed.</summary>
    public void Forget(ChannelId channel) => _looks.Remove(channel);

    public void OnReviewed(AbsenceReviewed reviewed)
    {
        if (!_looks.TryGetValue(reviewed.Channel, out var look))
        {
            return;
        }

        look.IsLooking = false;
        if (look.IsVoid)
        {
            look.IsVoid = false;
        }
        else
        {
            look.IsOwed |= reviewed.IsOwed;
            look.Seen = Math.Max(look.Seen, look.IsOwed ? look.Wanted : reviewed.To);
        }

        if (look.Asker is { } asker && look.AskedFor <= look.Seen)
        {
            asker.Tell(new DeliveryAcknowledged(reviewed.Channel, user, look.AskedFor));
            look.Asker = null;
        }

        Begin(reviewed.Channel, look);
    }

    public void OnFailed(AbsenceReviewFailed failed)
    {
        if (_looks.TryGetValue(failed.Channel, out var look))
        {
            look.IsLooking = look.IsVoid = false;
            timers.StartSingleTimer(AbsenceReviewDue.Instance, AbsenceReviewDue.Instance, Again);
        }
    }

    /// <summary>The outbox is emptied: what was owed is to be found again, also what is just being stored.</summary>
    public void StartOver()
    {
        foreach (var (channel, look) in _looks)
        {
            (look.Seen, look.IsOwed, look.IsVoid) = (look.From, false, look.IsLooking);
            Begin(channel, look);
        }
    }

    /// <summary>Tries again what could not be done.</summary>
    public void LookAgain()
    {
        foreach (var (channel, look) in _looks)
        {
            Begin(channel, look);
        }
    }

    // One look at a time for each channel; what is heard meanwhile belongs to the next.
    private void Begin(ChannelId channel, Look look)
    {
        if (IsHeld || look.IsLooking || look.Seen >= look.Wanted)
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
            var events = await services.Timelines.ReadAsync(
                channel, after + 1, to, EventsPerRead, backward: false, CancellationToken.None).ConfigureAwait(false);
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
    private sealed class Look
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

        /// <summary>What the look under way has stored may be gone again.</summary>
        public bool IsVoid;

        /// <summary>Who waits for an answer, and for which event; the newest question covers the others.</summary>
        public IActorRef? Asker;
        public long AskedFor;
    }
}
