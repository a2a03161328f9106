using Akka.Actor;

namespace Akka.DistributedData;

/// <summary>
/// Has an actor told of a key's value, now and whenever it has changed: <see cref="Changed"/>, or <see cref="DataDeleted"/>. Changes are
/// told at intervals, only the last of several. A subscriber that stops is forgotten.
/// </summary>
public sealed record Subscribe(IKey Key, IActorRef Subscriber) : IReplicatorMessage;

/// <summary>Ends what <see cref="Subscribe"/> has begun.</summary>
public sealed record Unsubscribe(IKey Key, IActorRef Subscriber) : IReplicatorMessage;

/// <summary>The value of a key.</summary>
public sealed record Changed(IKey Key, object Data) : IReplicatorMessage
{
    /// <summary>The value.</summary>
    /// <exception cref="ArgumentException">It is that of another key, or of another type.</exception>
    public T Get<T>(IKey<T> key)
        where T : IReplicatedData => Values.Of(Data, Key, key);
}

/// <summary>Tells subscribers at once, and not at the next interval.</summary>
public sealed class FlushChanges
{
    public static readonly FlushChanges Instance = new();

    private FlushChanges()
    {
    }
}
