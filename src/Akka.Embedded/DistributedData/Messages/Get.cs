using Akka.Actor;

namespace Akka.DistributedData;

/// <summary>Marks what a replicator sends and gets.</summary>
public interface IReplicatorMessage;

/// <summary>
/// Asks for the value of a key; answered with <see cref="GetSuccess"/>, <see cref="NotFound"/>, <see cref="GetFailure"/> or
/// <see cref="DataDeleted"/>.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Consistency">Of how many nodes it is read.</param>
/// <param name="Request">Comes back with the answer.</param>
public sealed record Get(IKey Key, IReadConsistency Consistency, object? Request = null) : IReplicatorMessage;

/// <summary>An answer to <see cref="DistributedData.Get"/>.</summary>
public interface IGetResponse : INoSerializationVerificationNeeded
{
    IKey Key { get; }

    object? Request { get; }

    bool IsSuccessful { get; }

    /// <summary>There is a value.</summary>
    bool IsFound { get; }

    bool IsFailure { get; }

    /// <summary>The value.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="TimeoutException">Not enough nodes have answered in time.</exception>
    /// <exception cref="DataDeletedException">The key was deleted.</exception>
    T Get<T>(IKey<T> key)
        where T : IReplicatedData;
}

/// <summary>The value as it was when the answer was sent.</summary>
public sealed record GetSuccess(IKey Key, object? Request, IReplicatedData Data) : IGetResponse, IReplicatorMessage
{
    public bool IsSuccessful => true;

    public bool IsFound => true;

    public bool IsFailure => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The answer is of another key, or the value of another type.</exception>
    public T Get<T>(IKey<T> key)
        where T : IReplicatedData => Values.Of(Data, Key, key);
}

/// <summary>There is no value of the key.</summary>
public sealed record NotFound(IKey Key, object? Request) : IGetResponse, IReplicatorMessage
{
    public bool IsSuccessful => true;

    public bool IsFound => false;

    public bool IsFailure => false;

    /// <exception cref="KeyNotFoundException">Always.</exception>
    public T Get<T>(IKey<T> key)
        where T : IReplicatedData => throw new KeyNotFoundException($"No value found for key [{Key}]");
}

/// <summary>Not enough nodes have answered in time.</summary>
public sealed record GetFailure(IKey Key, object? Request) : IGetResponse, IReplicatorMessage
{
    public bool IsSuccessful => false;

    public bool IsFound => false;

    public bool IsFailure => true;

    /// <exception cref="TimeoutException">Always.</exception>
    public T Get<T>(IKey<T> key)
        where T : IReplicatedData => throw new TimeoutException($"Too few nodes have answered in time with the value of key [{Key}]");
}

/// <summary>Casts values to the type that their key has.</summary>
internal static class Values
{
    public static T Of<T>(object data, IKey known, IKey<T> asked)
        where T : IReplicatedData
    {
        if (known.Id != asked.Id)
            throw new ArgumentException($"The value is that of key [{known}], not of [{asked}]", nameof(asked));
        return data is T typed
            ? typed
            : throw new ArgumentException($"The value of key [{asked}] is a {data.GetType()}, not a {typeof(T)}", nameof(asked));
    }
}
