using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Push.Logging;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Push.Dispatching;

/// <summary>
/// Makes one attempt at a push that this node has claimed, and writes what came of it. Ends only when the outcome is written or the server
/// stops, so that whoever waits for it never sends a push that was sent already. Begins to send only if that will have ended, by the
/// sender's time-out, before the claim does: then no other node can be at it. Thread-safe.
/// </summary>
internal sealed class PushAttempt(
    IPushQueue pushes,
    PushComposer composer,
    IPushSender sender,
    PushOptions options,
    Backoff backoff,
    StoreOutage outage,
    TimeProvider time,
    ILogger log)
{
    /// <summary>Pause before a store that couldn't answer is asked again.</summary>
    public static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    // To find out what a push says, and for clocks that differ.
    private const int MarginMs = 60_000;

    private readonly FailureReport _failures = new(time, log);

    /// <summary>How long a claim to a push is to be, in ms.</summary>
    public long ClaimMs => options.Webhook.TimeoutMs + MarginMs;

    /// <param name="push">The push.</param>
    /// <param name="until">When its claim ends, in ms since the Unix epoch.</param>
    /// <param name="stop">The server stops: nothing new is begun, what is being sent is brought to its end. A push whose outcome can't be
    /// written any more is repeated, under the same delivery id, by the next start.</param>
    public async Task RunAsync(PendingPush push, long until, CancellationToken stop)
    {
        PushOutcome? outcome = null;
        try
        {
            outcome = await SendAsync(push, until, stop);
        }
        catch (StorageUnavailableException e)
        {
            // Nothing was sent. The push stays due, and is read again rather than kept: the user may return meanwhile.
            outage.Failed(e);
            await Task.Delay(StorePause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The push stays due.
        }

        await (outcome is null ? ReleaseAsync(push) : SettleAsync(push, outcome, stop));
    }

    /// <returns>Null if nothing was sent.</returns>
    private async Task<PushOutcome?> SendAsync(PendingPush push, long until, CancellationToken stop)
    {
        try
        {
            if (await composer.ComposeAsync(push, stop) is not { } notification)
            {
                return new PushOutcome.Delivered();
            }

            stop.ThrowIfCancellationRequested();
            return Now() + options.Webhook.TimeoutMs <= until ? await sender.SendAsync(notification, CancellationToken.None) : null;
        }
        catch (Exception fault) when (fault is not StorageUnavailableException && !stop.IsCancellationRequested)
        {
            PushLog.SendFault(log, push.DeliveryId, fault);
            return new PushOutcome.Retry("a fault of the server");
        }
    }

    // If the store can't take it, the claim ends by itself.
    private async Task ReleaseAsync(PendingPush push)
    {
        try
        {
            await pushes.ReleaseAsync(push.Id, CancellationToken.None);
        }
        catch (StorageUnavailableException e)
        {
            outage.Failed(e);
        }
    }

    private async Task SettleAsync(PendingPush push, PushOutcome outcome, CancellationToken stop)
    {
        var write = Settle(push, outcome);
        while (true)
        {
            try
            {
                await write();
                outage.Answered();
                return;
            }
            catch (StorageUnavailableException e)
            {
                outage.Failed(e);
            }

            await Task.Delay(StorePause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private Func<Task> Settle(PendingPush push, PushOutcome outcome)
    {
        var now = Now();
        var attempt = push.Attempts + 1;
        switch (outcome)
        {
            case PushOutcome.Delivered:
                return () => pushes.SentAsync(push.Id, CancellationToken.None);
            case PushOutcome.Retry(var reason, var asked) when attempt < options.MaxAttempts:
                Failed(isDead: false, reason);
                var next = now + (long)backoff.After(attempt, asked).TotalMilliseconds;
                return () => pushes.RetryAsync(push.Id, next, reason, CancellationToken.None);
            case PushOutcome.Retry(var reason, _):
                return Bury(reason);
            case PushOutcome.Rejected(var reason):
                return Bury(reason);
            default:
                throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome that is known here");
        }

        Func<Task> Bury(string reason)
        {
            Failed(isDead: true, reason);
            return () => pushes.DeadAsync(push.Id, reason, now, CancellationToken.None);
        }

        void Failed(bool isDead, string reason)
        {
            PushLog.AttemptFailed(log, attempt, push.DeliveryId, reason);
            _failures.Add(isDead, reason);
        }
    }
}
