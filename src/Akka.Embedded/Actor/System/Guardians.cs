namespace Akka.Actor;

/// <summary>Asks a guardian to stop a top-level actor as one of its children.</summary>
internal sealed record StopChild(IActorRef Child);

/// <summary>The parent of the top-level actors.</summary>
internal sealed class Guardian : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is StopChild stop)
            Context.Stop(stop.Child);
        else
            Cell.SystemImpl.DeadLetters.Tell(message, Sender);
        return true;
    }

    // The children of a guardian outlive its restart.
    protected override void PreRestart(Exception reason, object message) { }
}

/// <summary>The root of the tree. Stops <c>/user</c>, then <c>/system</c>, then itself.</summary>
internal sealed class RootGuardian : ActorBase
{
    private bool _stopping;
    private bool _userStopped;

    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override void PreStart()
    {
        Context.Watch(Cell.SystemImpl.UserGuardian);
        Context.Watch(Cell.SystemImpl.SystemGuardian);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case StopAll:
                _stopping = true;
                Context.Stop(_userStopped ? Cell.SystemImpl.SystemGuardian : Cell.SystemImpl.UserGuardian);
                return true;
            case Terminated terminated when terminated.ActorRef.Equals(Cell.SystemImpl.UserGuardian):
                _userStopped = true;
                // A guardian that stops by itself, because a failure came up to it, takes the system with it.
                if (_stopping)
                    Context.Stop(Cell.SystemImpl.SystemGuardian);
                else
                    _ = Cell.SystemImpl.Terminate();
                return true;
            case Terminated:
                Context.Stop(Self);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The end of the system.</summary>
    internal sealed class StopAll
    {
        public static readonly StopAll Instance = new();
    }
}
