using System.Collections.Concurrent;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Push.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Push.Dispatching;

/// <summary>
/// Claims due pushes and has them sent, <c>Push:ConcurrentSends</c> at a time. Sleeps until something is put in at this node, an attempt
/// ends, or the next push becomes due; and looks now and then besides, for what other nodes have put in and can't send.
/// </summary>
/// <remarks>
/// Invariant: one attempt at a push at a time. Among nodes a claim sees to that, which an attempt never outlasts (see
/// <see cref="PushAttempt"/>). Within this one, whose claim may have ended while the store couldn't take an outcome, the loop alone knows what
/// is under way: attempts report their end through a queue, and the loop takes that report before it claims, never after.
/// </remarks>
internal sealed class PushDispatcher(
    AnnouncedOutbox outbox,
    IPushQueue pushes,
    PushComposer composer,
    IPushSender sender,
    PushOptions options,
    Backoff backoff,
    TimeProvider time,
    ILogger<PushDispatcher> log) : BackgroundService
{
    /// <summary>How long it sleeps at most.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);

    private readonly StoreOutage _outage = new(log);
    private readonly Wakeup _wakeup = new();
    private readonly Dictionary<long, Task> _underway = [];

    // Bounded by what is under way: each reports once.
    private readonly ConcurrentQueue<long> _ended = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var attempt = new PushAttempt(pushes, composer, sender, options, backoff, _outage, time, log);
        outbox.Added += _wakeup.Signal;
        try
        {
            await using var timer = time.CreateTimer(_ => _wakeup.Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            while (true)
            {
                timer.Change(await StartDueAsync(attempt, stoppingToken), Timeout.InfiniteTimeSpan);
                await _wakeup.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
        finally
        {
            outbox.Added -= _wakeup.Signal;
        }

        await WhenEndedAsync();
    }

    /// <summary>Starts what is due and there is room for.</summary>
    /// <returns>When to come again, unless woken.</returns>
    private async Task<TimeSpan> StartDueAsync(PushAttempt attempt, CancellationToken stop)
    {
        while (_ended.TryDequeue(out var id))
        {
            _underway.Remove(id);
        }

        if (IsFull)
        {
            return Timeout.InfiniteTimeSpan;
        }

        try
        {
            // No more than can be begun at once: what is claimed and waits is kept from the other nodes.
            var now = Now();
            var until = now + attempt.ClaimMs;
            foreach (var push in await pushes.ClaimDueAsync(now, until, options.ConcurrentSends - _underway.Count, stop))
            {
                if (!_underway.ContainsKey(push.Id))
                {
                    _underway.Add(push.Id, RunAsync(attempt, push, until, stop));
                }
            }

            var next = IsFull ? null : await pushes.NextDueAsync(now, stop);
            _outage.Answered();
            return IsFull ? Timeout.InfiniteTimeSpan : Sleep(next);
        }
        catch (StorageUnavailableException e)
        {
            _outage.Failed(e);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            PushLog.DispatchFault(log, fault);
        }

        return PushAttempt.StorePause;
    }

    private async Task RunAsync(PushAttempt attempt, PendingPush push, long until, CancellationToken stop)
    {
        try
        {
            await attempt.RunAsync(push, until, stop);
        }
        catch (Exception fault)
        {
            PushLog.SendFault(log, push.DeliveryId, fault);
        }
        finally
        {
            _ended.Enqueue(push.Id);
            _wakeup.Signal();
        }
    }

    // Each takes the sender's time-out at most.
    private async Task WhenEndedAsync()
    {
        var left = _underway.Values.Where(task => !task.IsCompleted).ToArray();
        if (left.Length > 0)
        {
            PushLog.Stopping(log, left.Length);
            await Task.WhenAll(left);
        }
    }

    private bool IsFull => _underway.Count >= options.ConcurrentSends;

    private TimeSpan Sleep(long? until)
    {
        var wait = until is { } at ? TimeSpan.FromMilliseconds(Math.Max(0, at - Now())) : PollEvery;
        return wait < PollEvery ? wait : PollEvery;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
