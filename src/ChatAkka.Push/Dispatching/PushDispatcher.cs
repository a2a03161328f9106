using System.Collections.Concurrent;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Push.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Push.Dispatching;

/// <summary>
/// Takes due pushes out of the outbox and has them sent, <c>Push:ConcurrentSends</c> at a time. Sleeps until something is put in, an
/// attempt ends, or the next push becomes due.
/// </summary>
/// <remarks>
/// Invariant: one attempt at a push at a time. A push that is under way is due in the outbox until its outcome is written, and only then
/// counts as ended. The loop alone knows what is under way: attempts report their end through a queue, and the loop takes that report
/// before it reads the outbox, never after; otherwise it would find a push due that was settled between the reading and the report.
/// </remarks>
internal sealed class PushDispatcher(
    AnnouncedOutbox outbox,
    PushComposer composer,
    IPushSender sender,
    PushOptions options,
    Backoff backoff,
    TimeProvider time,
    ILogger<PushDispatcher> log) : BackgroundService
{
    // A clock that is set back must not make pushes wait for much longer than they should.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private readonly StoreOutage _outage = new(log);
    private readonly Wakeup _wakeup = new();
    private readonly Dictionary<long, Task> _underway = [];

    // Bounded by what is under way: each reports once.
    private readonly ConcurrentQueue<long> _ended = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var attempt = new PushAttempt(outbox, composer, sender, options, backoff, _outage, time, log);
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
            // As many as may be under way: what is under way already can't take all of these places.
            var now = Now();
            var due = await outbox.TakeDueAsync(now, options.ConcurrentSends, stop);
            foreach (var push in due)
            {
                if (!IsFull && !_underway.ContainsKey(push.Id))
                {
                    _underway.Add(push.Id, RunAsync(attempt, push, stop));
                }
            }

            var next = IsFull ? null : await outbox.NextDueAsync(now, stop);
            _outage.Answered();
            return next is { } at ? Sleep(at) : Timeout.InfiniteTimeSpan;
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

    private async Task RunAsync(PushAttempt attempt, PendingPush push, CancellationToken stop)
    {
        try
        {
            await attempt.RunAsync(push, stop);
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

    private TimeSpan Sleep(long until)
    {
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, until - Now()));
        return wait < LongestSleep ? wait : LongestSleep;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
