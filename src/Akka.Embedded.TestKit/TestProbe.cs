using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A test actor of its own, with expectations of its own; it can be told to like any actor.</summary>
public class TestProbe : TestKitBase, IInternalActorRef, INoImplicitSender
{
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName) { }

    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message.</summary>
    public IActorRef Sender => LastSender;

    public ActorPath Path => TestActor.Path;

    ActorSystemImpl IInternalActorRef.SystemImpl => ((ActorCell)TestActor).SystemImpl;

    IInternalActorRef? IInternalActorRef.Parent => ((ActorCell)TestActor).Parent;

    /// <summary>Tells, with the probe as the sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Tells the sender of the last message, with the probe as the sender.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes the last message on, with its sender.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage!);

    /// <inheritdoc cref="Forward(IActorRef)"/>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    public void Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => ((IInternalActorRef)TestActor).SendSystemMessage(message);

    void IInternalActorRef.Stop() => ((IInternalActorRef)TestActor).Stop();

    public bool Equals(IActorRef? other) => TestActor.Equals(other is TestProbe probe ? probe.TestActor : other);

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => TestActor.GetHashCode();

    public int CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    public override string ToString() => TestActor.ToString()!;
}
