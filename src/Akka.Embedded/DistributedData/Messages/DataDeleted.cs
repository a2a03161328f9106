using Akka.Actor;

namespace Akka.DistributedData;

/// <summary>The answer to whatever is asked of a key that was deleted, and what its subscribers get. A deleted key stays deleted.</summary>
public sealed class DataDeleted(IKey key, object? request = null)
    : Exception($"Data under key [{key}] has been deleted"), IGetResponse, IUpdateResponse, IDeleteResponse, IEquatable<DataDeleted>
{
    public IKey Key => key;

    public object? Request => request;

    public bool IsSuccessful => true;

    public bool IsFound => false;

    public bool IsFailure => true;

    public bool AlreadyDeleted => true;

    /// <exception cref="DataDeletedException">Always.</exception>
    public T Get<T>(IKey<T> key)
        where T : IReplicatedData => throw new DataDeletedException(Message);

    /// <exception cref="DataDeletedException">Always.</exception>
    public void ThrowOnFailure() => throw new DataDeletedException(Message);

    public bool Equals(DataDeleted? other) => other is not null && Equals(Key, other.Key) && Equals(Request, other.Request);

    public override bool Equals(object? obj) => Equals(obj as DataDeleted);

    public override int GetHashCode() => HashCode.Combine(Key, Request);

    public override string ToString() => $"DataDeleted({Key})";
}

/// <summary>A value was wanted of a key that was deleted.</summary>
public class DataDeletedException(string message) : Exception(message);
