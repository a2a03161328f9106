namespace Akka.Actor;

/// <summary>The reference to no actor: what is sent to it is dropped.</summary>
public sealed class Nobody : IInternalActorRef
{
    public static readonly Nobody Instance = new();

    private static readonly ActorPath NobodyPath = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";

    private Nobody() { }

    public ActorPath Path => NobodyPath;

    ActorSystemImpl IInternalActorRef.SystemImpl => throw new InvalidOperationException("Nobody belongs to no actor system.");

    IInternalActorRef? IInternalActorRef.Parent => null;

    public void Tell(object message, IActorRef? sender) { }

    void IInternalActorRef.SendSystemMessage(SystemMessage message) { }

    void IInternalActorRef.Stop() { }

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => 0;

    public int CompareTo(IActorRef? other) => ActorRefEquality.Compare(this, other);

    public int CompareTo(object? obj) => ActorRefEquality.Compare(this, obj as IActorRef);

    public override string ToString() => "Nobody";
}
