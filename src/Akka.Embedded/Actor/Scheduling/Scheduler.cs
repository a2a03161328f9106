using Akka.Event;

namespace Akka.Actor;

/// <summary>The public face of the <see cref="TimerQueue"/>.</summary>
internal sealed class Scheduler(TimerQueue timers, ActorSystemImpl system) : IScheduler, IAdvancedScheduler
{
    private readonly long _start = timers.Now;

    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now => timers.Time.GetUtcNow();

    public TimeSpan MonotonicClock => timers.Elapsed(_start);

    public TimeSpan HighResMonotonicClock => timers.Elapsed(_start);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(new TellTask(receiver, message, sender, system.EventStream), delay, Timeout.InfiniteTimeSpan, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(new TellTask(receiver, message, sender, system.EventStream), initialDelay, Positive(interval), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Schedule(new ActionTask(action, system.EventStream), delay, Timeout.InfiniteTimeSpan, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(new ActionTask(action, system.EventStream), initialDelay, Positive(interval), cancelable);

    private void Schedule(ScheduledTask task, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (delay < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A delay must not be negative");
        if (cancelable?.IsCancellationRequested == true)
            return;
        task.Start(timers, delay, interval, cancelable);
    }

    private static TimeSpan Positive(TimeSpan interval) => interval > TimeSpan.Zero
        ? interval
        : throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval must be positive");
}

/// <summary>A scheduled tell or action, once or repeatedly.</summary>
internal abstract class ScheduledTask(EventStream events) : ScheduledEntry
{
    private ICancelable? _cancelable;
    private long _interval;

    public void Start(TimerQueue timers, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        _cancelable = cancelable;
        _interval = interval > TimeSpan.Zero ? Math.Max(1, timers.ToTimestamp(interval)) : 0;
        timers.Add(this, delay);
        if (cancelable is ScheduledCancelable direct)
            direct.Attach(timers, this);
        else
            cancelable?.Token.UnsafeRegister(static state => ((Cancellation)state!).Cancel(), new Cancellation(timers, this));
    }

    public sealed override void Fire(TimerQueue timers)
    {
        if (_cancelable?.IsCancellationRequested == true)
            return;
        try
        {
            Run();
        }
        catch (Exception e)
        {
            events.Publish(new Error(e, "scheduler", typeof(Scheduler), "A scheduled task failed"));
        }

        if (_interval == 0 || _cancelable?.IsCancellationRequested == true)
            return;
        // At a fixed rate; what was missed is skipped, not made up for.
        timers.AddAt(this, Math.Max(Due + _interval, timers.Now));
        // It may have been cancelled, to no effect, between the check and the adding.
        if (_cancelable?.IsCancellationRequested == true)
            timers.Remove(this);
    }

    protected abstract void Run();

    private sealed record Cancellation(TimerQueue Timers, ScheduledEntry Entry)
    {
        public void Cancel() => Timers.Remove(Entry);
    }
}

internal sealed class TellTask(ICanTell receiver, object message, IActorRef? sender, EventStream events) : ScheduledTask(events)
{
    protected override void Run() => receiver.Tell(message, sender);
}

internal sealed class ActionTask(Action action, EventStream events) : ScheduledTask(events)
{
    protected override void Run() => action();
}

/// <summary>The cancelable of a single scheduled task: it takes the task out of the queue and needs no token unless asked for
/// one.</summary>
internal sealed class ScheduledCancelable : ICancelable
{
    private readonly Lock _gate = new();
    private TimerQueue? _timers;
    private ScheduledEntry? _entry;
    private CancellationTokenSource? _source;
    private bool _cancelled;

    public bool IsCancellationRequested => Volatile.Read(ref _cancelled);

    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                _source ??= new CancellationTokenSource();
                if (_cancelled)
                    _source.Cancel();
                return _source.Token;
            }
        }
    }

    public void Attach(TimerQueue timers, ScheduledEntry entry)
    {
        lock (_gate)
            (_timers, _entry) = (timers, entry);
    }

    public void Cancel() => Cancel(false);

    public void Cancel(bool throwOnFirstException)
    {
        CancellationTokenSource? source;
        lock (_gate)
        {
            if (_cancelled)
                return;
            Volatile.Write(ref _cancelled, true);
            if (_entry is not null)
                _timers!.Remove(_entry);
            source = _source;
        }

        source?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay)
    {
        if (_timers is { } timers)
            timers.Add(new Deferred(this), delay);
    }

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    private sealed class Deferred(ScheduledCancelable cancelable) : ScheduledEntry
    {
        public override void Fire(TimerQueue timers) => cancelable.Cancel();
    }
}
