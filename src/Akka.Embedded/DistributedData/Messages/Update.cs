using Akka.Actor;

namespace Akka.DistributedData;

/// <summary>
/// Changes the value of a key; answered with <see cref="UpdateSuccess"/>, <see cref="UpdateTimeout"/>, <see cref="ModifyFailure"/> or
/// <see cref="DataDeleted"/>. Only within a node.
/// </summary>
public sealed class Update : INoSerializationVerificationNeeded
{
    /// <param name="key">The key.</param>
    /// <param name="consistency">To how many nodes the change is written before it is confirmed.</param>
    /// <param name="modify">
    /// Makes the new value out of the current one, which is null if there is none. It runs inside the replicator: it must be quick, and use
    /// nothing but what it is given.
    /// </param>
    /// <param name="request">Comes back with the answer.</param>
    public Update(IKey key, IWriteConsistency consistency, Func<IReplicatedData?, IReplicatedData> modify, object? request = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(consistency);
        ArgumentNullException.ThrowIfNull(modify);
        (Key, Consistency, Modify, Request) = (key, consistency, modify, request);
    }

    /// <inheritdoc cref="Update(IKey,IWriteConsistency,Func{IReplicatedData,IReplicatedData},object)"/>
    /// <param name="initial">What is changed if there is no value yet.</param>
    public Update(
        IKey key,
        IReplicatedData initial,
        IWriteConsistency consistency,
        Func<IReplicatedData, IReplicatedData> modify,
        object? request = null)
        : this(key, consistency, data => modify(data ?? initial), request)
    {
    }

    public IKey Key { get; }

    public IWriteConsistency Consistency { get; }

    public Func<IReplicatedData?, IReplicatedData> Modify { get; }

    public object? Request { get; }

    public override string ToString() => $"Update({Key}, {Consistency})";
}

/// <summary>An answer to <see cref="Update"/>.</summary>
public interface IUpdateResponse : INoSerializationVerificationNeeded
{
    IKey Key { get; }

    object? Request { get; }

    bool IsSuccessful { get; }

    /// <summary>Throws what went wrong, if something did.</summary>
    void ThrowOnFailure();
}

/// <summary>The change was not confirmed.</summary>
public interface IUpdateFailure : IUpdateResponse
{
    Exception Cause { get; }
}

/// <summary>The change was written to as many nodes as was asked for.</summary>
public sealed record UpdateSuccess(IKey Key, object? Request) : IUpdateResponse
{
    public bool IsSuccessful => true;

    public void ThrowOnFailure()
    {
    }
}

/// <summary>
/// The change has been made, but not enough nodes have confirmed it in time. It goes on spreading: it is not undone.
/// </summary>
public sealed record UpdateTimeout(IKey Key, object? Request) : IUpdateFailure
{
    public bool IsSuccessful => false;

    public Exception Cause => new TimeoutException($"Too few nodes have confirmed in time the update of key [{Key}]");

    public void ThrowOnFailure() => throw Cause;
}

/// <summary>The function that changes the value has failed: nothing was changed.</summary>
public sealed class ModifyFailure(IKey key, string errorMessage, Exception cause, object? request) : IUpdateFailure
{
    public IKey Key => key;

    public string ErrorMessage => errorMessage;

    public Exception Cause => cause;

    public object? Request => request;

    public bool IsSuccessful => false;

    public void ThrowOnFailure() => System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);

    public override string ToString() => $"ModifyFailure({key}, {errorMessage})";
}
