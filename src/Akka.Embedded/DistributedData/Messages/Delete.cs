using Akka.Actor;

namespace Akka.DistributedData;

/// <summary>
/// Deletes a key for ever; answered with <see cref="DeleteSuccess"/>, <see cref="ReplicationDeleteFailure"/> or <see cref="DataDeleted"/>.
/// That it was deleted is remembered for ever: for keys that come and go, use the entries of a dictionary. Only within a node.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Consistency">To how many nodes it is written before it is confirmed.</param>
/// <param name="Request">Comes back with the answer.</param>
public sealed record Delete(IKey Key, IWriteConsistency Consistency, object? Request = null) : INoSerializationVerificationNeeded;

/// <summary>An answer to <see cref="Delete"/>.</summary>
public interface IDeleteResponse : INoSerializationVerificationNeeded
{
    IKey Key { get; }

    bool IsSuccessful { get; }

    bool AlreadyDeleted { get; }
}

/// <summary>The deletion was written to as many nodes as was asked for.</summary>
public sealed record DeleteSuccess(IKey Key, object? Request = null) : IDeleteResponse
{
    public bool IsSuccessful => true;

    public bool AlreadyDeleted => false;
}

/// <summary>The key has been deleted, but not enough nodes have confirmed it in time. It goes on spreading.</summary>
public sealed record ReplicationDeleteFailure(IKey Key) : IDeleteResponse
{
    public bool IsSuccessful => false;

    public bool AlreadyDeleted => false;
}
