namespace Akka.Actor;

/// <summary>The timers of one instance of an actor. Touched by its cell only.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private Dictionary<object, TimerTask>? _tasks;

    public IReadOnlyCollection<object> ActiveTimers => _tasks is null ? [] : _tasks.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => StartPeriodicTimer(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender) =>
        StartPeriodicTimer(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender)
    {
        if (interval <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval must be positive");
        Start(new TimerTask(cell, this, key, msg, sender, interval), initialDelay);
    }

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => StartSingleTimer(key, msg, timeout, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender) =>
        Start(new TimerTask(cell, this, key, msg, sender, Timeout.InfiniteTimeSpan), timeout);

    public bool IsTimerActive(object key) => _tasks?.ContainsKey(key) == true;

    public void Cancel(object key)
    {
        if (_tasks is not null && _tasks.TryGetValue(key, out var task))
        {
            Forget(key);
            task.Stop();
        }
    }

    public void CancelAll()
    {
        if (_tasks is null)
            return;
        foreach (var task in _tasks.Values)
            task.Stop();
        _tasks = null;
    }

    /// <summary>True when the task is still the one that its key stands for.</summary>
    public bool Take(TimerTask task)
    {
        if (_tasks is null || !_tasks.TryGetValue(task.Key, out var active) || active != task)
            return false;
        if (!task.IsPeriodic)
            Forget(task.Key);
        return true;
    }

    private void Forget(object key)
    {
        _tasks!.Remove(key);
        if (_tasks.Count == 0)
            _tasks = null; // it had a timer now and then; most of the time it has none
    }

    private void Start(TimerTask task, TimeSpan delay)
    {
        Cancel(task.Key);
        (_tasks ??= [])[task.Key] = task;
        cell.SystemImpl.Timers.Add(task, delay);
    }
}

/// <summary>
/// One timer: the entry in the queue and, in the mailbox, the envelope that its cell unwraps if the timer is still
/// active.
/// </summary>
internal sealed class TimerTask(ActorCell cell, TimerScheduler owner, object key, object message, IActorRef? sender, TimeSpan interval)
    : ScheduledEntry
{
    // Set by the cell, read by the timer's thread.
    private bool _stopped;

    public object Key => key;

    public bool IsPeriodic => interval > TimeSpan.Zero;

    public void Stop()
    {
        Volatile.Write(ref _stopped, true);
        cell.SystemImpl.Timers.Remove(this);
    }

    public bool TryTake(ActorCell receiver, out object unwrapped)
    {
        unwrapped = message;
        return receiver == cell && owner.Take(this);
    }

    public override void Fire(TimerQueue timers)
    {
        if (Volatile.Read(ref _stopped))
            return;
        cell.Tell(this, sender);
        if (!IsPeriodic)
            return;
        timers.AddAt(this, Math.Max(Due + timers.ToTimestamp(interval), timers.Now));
        if (Volatile.Read(ref _stopped))
            timers.Remove(this);
    }
}
