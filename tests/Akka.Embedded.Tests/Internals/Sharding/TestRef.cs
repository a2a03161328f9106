using Akka.Actor;

namespace Akka.Embedded.Tests.Internals.Sharding;

/// <summary>A reference that only has a name, for decisions that no actor takes part in.</summary>
internal sealed class TestRef(string host, long uid = 1) : IActorRef
{
    public ActorPath Path { get; } = ActorPath.Parse($"akka.tcp://test@{host}:1/system/sharding/type#{uid}");

    public void Tell(object message, IActorRef? sender) => throw new NotSupportedException();

    public bool Equals(IActorRef? other) => other is TestRef && Path.Equals(other.Path) && Path.Uid == other.Path.Uid;

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => HashCode.Combine(Path, Path.Uid);

    public int CompareTo(IActorRef? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public override string ToString() => Path.ToStringWithUid();
}
