namespace Akka.Actor;

/// <summary>What a cell is as a reference: its place in the tree, which it keeps when its actor has stopped.</summary>
internal abstract class CellReference : CellInbox, IInternalActorRef
{
    /// <summary>Of the name, for the parent's <see cref="Children"/>.</summary>
    public readonly int NameHash;

    /// <summary>The link of the parent's <see cref="Children"/>, and guarded by them.</summary>
    public ActorCell? NextSibling;

    private readonly long _uid;

    protected CellReference(ActorSystemImpl system, ActorCell? parent, string name)
    {
        SystemImpl = system;
        Parent = parent;
        Name = name;
        NameHash = name.GetHashCode();
        _uid = system.NextUid();
    }

    public ActorSystemImpl SystemImpl { get; }

    /// <summary>Null for the root.</summary>
    public ActorCell? Parent { get; }

    public string Name { get; }

    public long Uid => _uid;

    public abstract ActorPath Path { get; }

    IInternalActorRef? IInternalActorRef.Parent => Parent;

    public ActorPath BuildPath() => Parent is null ? SystemImpl.RootPath : new ChildActorPath(Parent.Path, Name, _uid);

    public abstract void Tell(object message, IActorRef? sender);

    public abstract void SendSystemMessage(SystemMessage message);

    public abstract void Stop();

    public bool Equals(IActorRef? other) => ActorRefEquality.Equals(this, other);

    public sealed override bool Equals(object? obj) => ActorRefEquality.Equals(this, obj as IActorRef);

    public sealed override int GetHashCode() => _uid.GetHashCode();

    public int CompareTo(IActorRef? other) => ActorRefEquality.Compare(this, other);

    public int CompareTo(object? obj) => ActorRefEquality.Compare(this, obj as IActorRef);

    public sealed override string ToString() => $"[{Path.ToStringWithUid()}]";
}
