namespace Akka.Actor;

/// <summary>Sends a message and gives the reply as a task.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <param name="self">Who is asked.</param>
    /// <param name="messageFactory">Makes the message from the reference that takes the reply.</param>
    /// <param name="timeout">Without one, or with an infinite one, the task may never end.</param>
    /// <param name="cancellationToken">Ends the wait; the message is sent all the same.</param>
    /// <typeparam name="T">The reply's type; any other faults the task, and so does <see cref="Status.Failure"/>.</typeparam>
    /// <exception cref="AskTimeoutException">There was no reply in time.</exception>
    public static Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var reply = new FutureActorRef<T>(SystemOf(self));
        reply.Arm(timeout, cancellationToken);
        self.Tell(messageFactory(reply), reply);
        return reply.Task;
    }

    private static ActorSystemImpl SystemOf(ICanTell target) => target switch
    {
        ActorCell cell => cell.SystemImpl,
        ActorSelection selection => SystemOf(selection.Anchor),
        Nobody => ActorCell.Current?.SystemImpl ?? throw new ArgumentException("Nobody can't be asked from outside an actor"),
        IInternalActorRef reference => reference.SystemImpl,
        _ => ActorCell.Current?.SystemImpl ?? throw new ArgumentException($"Unable to resolve the target [{target}]"),
    };
}

/// <summary>
/// The temporary reference of one <c>Ask</c>. It is registered nowhere, unless another node is asked: when the reply has come, the time is
/// over or the wait is cancelled, its timer is gone and only who still holds it knows it.
/// </summary>
internal sealed class FutureActorRef<T>(ActorSystemImpl system) : MinimalActorRef(system), ITemporaryRef
{
    // Whoever waits goes on as its own piece of work: on the pool by the task's own doing, in a simulation by the executor's.
    private readonly TaskCompletionSource<T> _completion = new(system.Continuations);
    private ActorPath? _path;
    private Deadline? _deadline;
    private CancellationTokenRegistration _cancellation;

    public Task<T> Task => _completion.Task;

    public bool IsWaiting => !_completion.Task.IsCompleted;

    public override ActorPath Path
    {
        get
        {
            if (_path is null)
                Interlocked.CompareExchange(ref _path, SystemImpl.RootPath / "temp" / SystemImpl.NextTempName(), null);
            return _path;
        }
    }

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public void Arm(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (timeout is { } limit && limit > TimeSpan.Zero)
        {
            _deadline = new Deadline(this, limit);
            SystemImpl.Timers.Add(_deadline, limit);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (state, token) => ((FutureActorRef<T>)state!).Cancel(token), this);
        }
    }

    public override void Tell(object message, IActorRef? sender)
    {
        if (IsPooled(SystemImpl))
            Take(message, sender);
        else
            SystemImpl.Executor.Execute(new Arrival(this, message, sender), yielding: false);
    }

    private static bool IsPooled(ActorSystemImpl system) => system.Executor is Runtime.ThreadPoolExecutor;

    private void Take(object message, IActorRef? sender)
    {
        var handled = message switch
        {
            T reply => _completion.TrySetResult(reply),
            Status.Failure failure => _completion.TrySetException(
                failure.Cause ?? new TaskCanceledException("The actor answered with a failure that has no cause")),
            null => throw new InvalidMessageException(),
            _ => _completion.TrySetException(new ArgumentException(
                $"Asked for a {typeof(T)}, got a {message.GetType()}")),
        };
        Disarm();
        if (!handled)
            SystemImpl.DeadLetters.Publish(message, sender, this);
    }

    private void Cancel(CancellationToken token)
    {
        _completion.TrySetCanceled(token);
        Disarm();
    }

    private void Disarm()
    {
        if (_deadline is not null)
            SystemImpl.Timers.Remove(_deadline);
        _cancellation.Unregister();
        Leave();
    }

    private void Leave()
    {
        if (_path is not null)
            SystemImpl.Temporaries.Forget(this);
    }

    private sealed class Arrival(FutureActorRef<T> future, object message, IActorRef? sender) : IThreadPoolWorkItem
    {
        public void Execute() => future.Take(message, sender);
    }

    private sealed class Deadline(FutureActorRef<T> future, TimeSpan limit) : ScheduledEntry
    {
        public override void Fire(TimerQueue timers)
        {
            future._completion.TrySetException(new AskTimeoutException($"No answer within {limit}"));
            future._cancellation.Unregister();
            future.Leave();
        }
    }
}
