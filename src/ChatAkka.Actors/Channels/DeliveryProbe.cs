using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Asks the members who haven't acknowledged everything, again and again, ever less often; until all have. Then, and only then, the store
/// may forget that the channel has something to deliver.
/// </summary>
internal sealed class DeliveryProbe(DeliveryLedger ledger, MembershipSettlement settlement, IDeliveryLog? log)
{
    private static readonly TimeSpan AtFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    private TimeSpan _pause;

    /// <summary>There may be members who haven't acknowledged everything.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>There is something to acknowledge.</summary>
    public void Start(ITimerScheduler timers)
    {
        if (!IsRunning)
        {
            IsRunning = true;
            _pause = AtFirst;
            timers.StartSingleTimer(ProbeDue.Instance, ProbeDue.Instance, _pause);
        }
    }

    /// <summary>They answer: no reason to wait longer the next time.</summary>
    public void Answered() => _pause = AtFirst;

    public void Run(ChannelState state, IActorRef self, ITimerScheduler timers)
    {
        settlement.TellUsers(state, self);
        if (ledger.Probe(state.Head, self) | !settlement.IsSettled)
        {
            timers.StartSingleTimer(ProbeDue.Instance, ProbeDue.Instance, _pause);
            _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, AtMost.Ticks));
            return;
        }

        IsRunning = false;

        // A failure is no harm: the next start of the program asks the members once more.
        log?.SettledAsync(state.Id, state.Head, CancellationToken.None).IgnoreFailure();
    }
}
