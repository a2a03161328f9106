namespace Akka.Actor;

/// <summary>An actor that wants timers of its own.</summary>
public interface IWithTimers
{
    /// <summary>Set by the runtime after the constructor.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>
/// Timers that send an actor messages and end with it. Once a timer is cancelled or replaced, none of its messages arrives
/// any more, not even one that was in the mailbox already. Only for use inside the actor.
/// </summary>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }

    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender);

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}
