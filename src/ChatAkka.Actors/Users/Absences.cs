using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Where a user's presence ends and their <see cref="Absence"/> begins: they are absent as long as no device has everything and gets what comes. Muted
/// channels don't count. Only where pushes are sent.
/// </summary>
internal sealed class Absences(
    UserId user, UserServices services, IPushOutbox outbox, UserSessions sessions, IActorRef self, ITimerScheduler timers)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private Absence? _absence;

    private Absence? Current => sessions.IsAnyLive ? null : _absence ??= new Absence(user, services, outbox, self, timers);

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

    /// <summary>A device has gone. If it was the last: what it was sent may not have reached it.</summary>
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
                absence.HearOf(channel, Math.Max(state.JoinedAfter(channel), cursors.DeliveredUpTo(channel, position)), position.Head);
            }
        }
    }

    /// <summary>A device has everything: nothing is owed any more.</summary>
    /// <remarks>The writes of the outbox keep their order, so what is owed from now on stays. A failure means a push too many.</remarks>
    public void End()
    {
        _absence = null;
        Clear();
    }

    /// <summary>The user isn't a member any more, or has muted the channel.</summary>
    public void Forget(ChannelId channel) => _absence?.Forget(channel);

    /// <summary>What the absence has told itself, and what the start of the program asks.</summary>
    public void Handle(UserState state, object message)
    {
        if (message is AbsenceReviewed { IsOwed: true } late && late.Absence != _absence)
        {
            // Stored after the user had returned: left there, it would keep the next absence from owing anything.
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
            case ReviewAbsence:
                services.Timelines.HeadsAsync([.. state.Channels], CancellationToken.None)
                    .PipeTo(self, success: heads => new AbsenceHeads(heads), failure: _ => new AbsenceHeads(null));
                break;
            case AbsenceHeads { Heads: null }:
                timers.StartSingleTimer(nameof(ReviewAbsence), new ReviewAbsence(user), Again);
                break;
            case AbsenceHeads { Heads: { } heads }:
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

    private void Clear() => outbox.ClearAsync(user, CancellationToken.None).ContinueWith(static write => write.Exception, TaskScheduler.Default);
}
