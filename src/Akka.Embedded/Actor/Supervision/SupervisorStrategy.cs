using Akka.Event;

namespace Akka.Actor;

/// <summary>What a supervisor does with a child that has failed.</summary>
public enum Directive
{
    /// <summary>Go on with the next message.</summary>
    Resume,

    /// <summary>Go on with a new instance.</summary>
    Restart,

    /// <summary>Fail, in turn.</summary>
    Escalate,

    /// <summary>Stop for good.</summary>
    Stop,
}

/// <summary>Decides by the exception.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}

/// <summary>A decider made of a function.</summary>
public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>How a parent treats the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops after failed initialisation and after <see cref="Kill"/>; restarts after anything else.</summary>
    public static readonly IDecider DefaultDecider = new LocalOnlyDecider(static cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>One for one with the default decider and no limit.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops whatever fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    private protected SupervisorStrategy() { }

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; init; } = true;

    /// <summary>The directive for the failure of <paramref name="child"/>.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Whether a restart is still within the limits.</summary>
    internal abstract bool MayRestart(RestartStatistics statistics, TimerQueue clock);

    /// <summary>Acts on the failure; false when it escalates.</summary>
    internal bool HandleFailure(ActorCell supervisor, ActorCell child, Exception cause, RestartStatistics statistics)
    {
        var directive = Handle(child, cause);
        LogFailure(supervisor, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.SendSystemMessage(new Resume(cause));
                return true;
            case Directive.Restart when MayRestart(statistics, supervisor.SystemImpl.Timers):
                child.SendSystemMessage(new Recreate(cause));
                return true;
            case Directive.Restart or Directive.Stop:
                supervisor.Stop(child);
                return true;
            default:
                return false;
        }
    }

    private void LogFailure(ActorCell supervisor, ActorCell child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
            return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        supervisor.SystemImpl.EventStream.Publish(directive == Directive.Resume
            ? new Warning(source, GetType(), message)
            : new Error(cause, source, GetType(), message));
    }
}
