using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Where a user's presence ends and their <see cref="Absence"/> begins: they are absent as long as no device has everything and gets what
/// comes. Muted channels don't count. Only where pushes are sent.
/// <para>
/// Sockets outlive the user's actor. So whoever has no session here need not be away: a socket may be on its way back from an earlier
/// incarnation. Before a user counts as absent the presence is asked whether there is one; if so, it is waited for, for
/// <see cref="MaxLooks"/> seconds at most. For whoever has none nothing is delayed.
/// </para>
/// </summary>
internal sealed class Absences(
    UserId user, UserServices services, IPushOutbox outbox, UserSessions sessions, IActorRef self, ITimerScheduler timers)
{
    // As long as a connection tries to resume; the presence is asked once a second.
    private const int MaxLooks = 30;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private Absence? _absence;
    private bool _isReviewing;
    private bool _isUncertain;
    private int _looks;

    // Who asked last for a review that isn't done.
    private IActorRef? _asker;

    private Absence? Current => sessions.IsAnyLive ? null : _absence ??= NewAbsence();

    /// <summary>A session begins to catch up, or has failed to. If it resumes, its client is there, whatever becomes of this attempt.</summary>
    public void Doubt(Session session)
    {
        if (session.Resume is not null && _absence is not null && services.Presence is not null)
        {
            _absence.IsHeld = true;
            Wonder();
        }
    }

    /// <summary>Events have come.</summary>
    public void Deliver(UserState state, Delivery delivery)
    {
        if (!state.Muted.Contains(delivery.Channel))
        {
            Current?.HearOf(delivery, state.JoinedAfter(delivery.Channel));
        }
    }

    /// <summary>A channel asks whether the user has everything.</summary>
    /// <returns>True if it will be answered; false if it may be at once.</returns>
    public bool Probe(UserState state, ProbeDelivery probe, IActorRef asker)
    {
        if (state.Muted.Contains(probe.Channel) || Current is not { } absence)
        {
            return false;
        }

        absence.HearOf(probe.Channel, state.JoinedAfter(probe.Channel), probe.Head, asker);
        return true;
    }

    /// <summary>
    /// A device has gone. If it was the last: what it was sent may not have reached it, and what is just being read isn't sent.
    /// </summary>
    public void Begin(UserState state, Inbox inbox, CursorSaver cursors)
    {
        if (Current is not { } absence)
        {
            return;
        }

        foreach (var channel in state.Channels.Except(state.Muted))
        {
            if (inbox.Find(channel) is { IsKnown: true } position)
            {
                absence.HearOf(channel, Math.Max(state.JoinedAfter(channel), cursors.DeliveredUpTo(channel, position)), position.Target);
            }
        }
    }

    /// <summary>A device has everything: nothing is owed any more.</summary>
    /// <remarks>The writes of the outbox keep their order, so what is owed from now on stays.</remarks>
    public void End()
    {
        (_absence, _isUncertain, _isReviewing) = (null, false, false);
        AnswerIfDone();
        Clear();
    }

    /// <summary>
    /// The actor ends in the midst of its work. Nobody else knows what a device was sent and may not have, so the next incarnation looks.
    /// </summary>
    public void Abandon()
    {
        if (!sessions.IsEmpty || _isReviewing || _absence is { IsUnfinished: true })
        {
            services.Users.Tell(new ReviewAbsence(user), ActorRefs.NoSender);
        }
    }

    /// <summary>The user isn't a member any more, or has muted the channel.</summary>
    public void Forget(ChannelId channel) => _absence?.Forget(channel);

    /// <summary>What the absence has told itself, and what is asked when the user's node has ended.</summary>
    public void Handle(UserState state, object message, IActorRef sender)
    {
        if (message is ReviewAbsence)
        {
            _asker = sender;
        }

        Handle(state, message);
        AnswerIfDone();
    }

    private void Handle(UserState state, object message)
    {
        switch (message)
        {
            case OutboxCleared { Succeeded: true }:
                return;
            case SocketsFound found:
                OnFound(found.Any);
                return;
            case SocketsDue:
                Look();
                return;
            case OutboxCleared:
                timers.StartSingleTimer(OutboxClearDue.Instance, OutboxClearDue.Instance, Absence.Again);
                return;
            case OutboxClearDue:
            case AbsenceReviewed { IsOwed: true } late when late.Absence != _absence:
                // Not cleared, or stored after the user had returned: left there, it would keep the next absence from owing anything.
                Clear();
                _absence?.StartOver();
                return;
        }

        if (Current is not { } absence)
        {
            return; // the user is back
        }

        switch (message)
        {
            case ReviewAbsence or AbsenceHeadsDue:
                _isReviewing = true;
                services.Timelines.HeadsAsync([.. state.Channels], CancellationToken.None)
                    .PipeTo(self, success: heads => new AbsenceHeads(heads), failure: _ => new AbsenceHeads(null));
                break;
            case AbsenceHeads { Heads: null }:
                timers.StartSingleTimer(AbsenceHeadsDue.Instance, AbsenceHeadsDue.Instance, Absence.Again);
                break;
            case AbsenceHeads { Heads: { } heads }:
                _isReviewing = false;
                foreach (var channel in state.Channels.Except(state.Muted).Where(heads.ContainsKey))
                {
                    absence.HearOf(channel, state.JoinedAfter(channel), heads[channel].Id);
                }

                break;
            case AbsenceReviewed reviewed:
                absence.OnReviewed(reviewed);
                break;
            case AbsenceReviewFailed failed:
                absence.OnFailed(failed);
                break;
            case AbsenceReviewDue:
                absence.LookAgain();
                break;
        }
    }

    private void AnswerIfDone()
    {
        if (_asker is { } asker && !_isReviewing && _absence is null or { IsUnfinished: false })
        {
            _asker = null;
            asker.Tell(new AbsenceSeenTo(user));
        }
    }

    private Absence NewAbsence()
    {
        if (services.Presence is not null)
        {
            Wonder();
        }

        return new Absence(user, services, outbox, self, timers) { IsHeld = _isUncertain };
    }

    private void Wonder()
    {
        (_isUncertain, _looks) = (true, 0);
        Look();
    }

    private void Look()
    {
        if (_isUncertain)
        {
            services.Presence!.Tell(new FindSockets(user), self);
        }
    }

    private void OnFound(bool hasSocket)
    {
        if (!_isUncertain)
        {
            return;
        }

        if (hasSocket && ++_looks < MaxLooks)
        {
            timers.StartSingleTimer(SocketsDue.Instance, SocketsDue.Instance, BetweenLooks);
            return;
        }

        _isUncertain = false;
        if (_absence is not null)
        {
            _absence.IsHeld = false;
            _absence.LookAgain();
        }
    }

    private void Clear() =>
        outbox.ClearAsync(user, CancellationToken.None).PipeTo(self, success: () => OutboxCleared.Yes, failure: _ => OutboxCleared.No);
}
