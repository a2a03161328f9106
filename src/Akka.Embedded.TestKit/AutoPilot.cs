using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Reacts in a test actor's place to what it receives.</summary>
public abstract class AutoPilot
{
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <returns>The pilot for the next message.</returns>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>No reaction.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    public static readonly NoAutoPilot Instance = new();

    private NoAutoPilot() { }

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>As a result: the same pilot goes on.</summary>
public sealed class KeepRunning : AutoPilot
{
    public static readonly KeepRunning Instance = new();

    private KeepRunning() { }

    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("Must not call KeepRunning.Run: it only says that the current pilot goes on");
}

/// <summary>A function as a pilot.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <inheritdoc/>
public sealed class DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
