namespace Akka.Actor;

/// <summary>Stops an actor and waits for its end.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <returns>True when the actor has stopped; the task is cancelled when it hasn't in time.</returns>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watchee = (IInternalActorRef)target;
        var end = new WatchingActorRef(watchee.SystemImpl);
        watchee.SendSystemMessage(new Watch(watchee, end));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await end.Task.WaitAsync(timeout, watchee.SystemImpl.Runtime.Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            watchee.SendSystemMessage(new Unwatch(end));
            throw new TaskCanceledException($"{target} did not stop within {timeout}");
        }
    }

    /// <summary>Waits for one death.</summary>
    private sealed class WatchingActorRef(ActorSystemImpl system) : MinimalActorRef(system)
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _stopped.Task;

        public override ActorPath Path { get; } = system.RootPath / "temp" / system.NextTempName();

        public override void Tell(object message, IActorRef? sender) => SystemImpl.DeadLetters.Publish(message, sender, this);

        public override void SendSystemMessage(SystemMessage message)
        {
            if (message is DeathWatchNotification)
                _stopped.TrySetResult();
        }
    }
}
