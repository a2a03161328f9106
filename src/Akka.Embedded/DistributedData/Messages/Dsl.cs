using Akka.Actor;

namespace Akka.DistributedData;

/// <summary>Makes the messages to a replicator, typed by their keys.</summary>
public static class Dsl
{
    public static ReadLocal ReadLocal => ReadLocal.Instance;

    public static WriteLocal WriteLocal => WriteLocal.Instance;

    public static GetKeyIds GetKeyIds => GetKeyIds.Instance;

    public static GetReplicaCount GetReplicaCount => GetReplicaCount.Instance;

    /// <param name="key">The key.</param>
    /// <param name="consistency">This node's value by default.</param>
    /// <param name="request">Comes back with the answer.</param>
    public static Get Get<T>(IKey<T> key, IReadConsistency? consistency = null, object? request = null)
        where T : IReplicatedData => new(key, consistency ?? ReadLocal, request);

    /// <summary>Merges a value into the current one.</summary>
    public static Update Update<T>(IKey<T> key, T value, IWriteConsistency? consistency = null)
        where T : IReplicatedData<T> =>
        new(key, consistency ?? WriteLocal, current => current is null ? value : ((T)current).Merge(value));

    /// <summary>Changes the current value; <paramref name="modify"/> gets null if there is none.</summary>
    public static Update Update<T>(IKey<T> key, IWriteConsistency consistency, Func<T, T> modify)
        where T : IReplicatedData => new(key, consistency, current => modify((T)current!));

    /// <summary>Changes the current value, or the initial one if there is none.</summary>
    public static Update Update<T>(IKey<T> key, T initial, IWriteConsistency consistency, Func<T, T> modify)
        where T : IReplicatedData => Update(key, initial, consistency, null, modify);

    /// <inheritdoc cref="Update{T}(IKey{T},T,IWriteConsistency,Func{T,T})"/>
    public static Update Update<T>(IKey<T> key, T initial, IWriteConsistency consistency, object? request, Func<T, T> modify)
        where T : IReplicatedData => new(key, initial, consistency, current => modify((T)current), request);

    public static Delete Delete<T>(IKey<T> key, IWriteConsistency consistency, object? request = null)
        where T : IReplicatedData => new(key, consistency, request);

    public static Subscribe Subscribe<T>(IKey<T> key, IActorRef subscriber)
        where T : IReplicatedData => new(key, subscriber);

    public static Unsubscribe Unsubscribe<T>(IKey<T> key, IActorRef subscriber)
        where T : IReplicatedData => new(key, subscriber);
}
