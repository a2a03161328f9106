namespace Akka.Actor;

/// <summary>A reference without a cell: it watches nothing, has no children and can't be stopped unless a subclass says so.</summary>
internal abstract class MinimalActorRef(ActorSystemImpl system) : IInternalActorRef
{
    public ActorSystemImpl SystemImpl { get; } = system;

    public abstract ActorPath Path { get; }

    public virtual IInternalActorRef? Parent => null;

    public abstract void Tell(object message, IActorRef? sender);

    public virtual void SendSystemMessage(SystemMessage message) { }

    public virtual void Stop() { }

    public bool Equals(IActorRef? other) => ActorRefEquality.Equals(this, other);

    public override bool Equals(object? obj) => ActorRefEquality.Equals(this, obj as IActorRef);

    public override int GetHashCode() => Path.Uid.GetHashCode();

    public int CompareTo(IActorRef? other) => ActorRefEquality.Compare(this, other);

    public int CompareTo(object? obj) => ActorRefEquality.Compare(this, obj as IActorRef);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}

/// <summary>References are the same when path and uid are.</summary>
internal static class ActorRefEquality
{
    public static bool Equals(IActorRef left, IActorRef? right)
    {
        if (ReferenceEquals(left, right))
            return true;
        // Two cells are never the same actor; this also keeps the paths of cells from being built for a comparison.
        if (right is null || (left is ActorCell && right is ActorCell))
            return false;
        var (leftPath, rightPath) = (left.Path, right.Path);
        return leftPath.Uid == rightPath.Uid && leftPath.Equals(rightPath);
    }

    public static int Compare(IActorRef left, IActorRef? right)
    {
        if (right is null)
            return 1;
        var byPath = left.Path.CompareTo(right.Path);
        return byPath != 0 ? byPath : left.Path.Uid.CompareTo(right.Path.Uid);
    }
}
