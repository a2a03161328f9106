using System.Collections.Immutable;

namespace Akka.DistributedData;

/// <summary>Asks for the number of nodes that have a replicator and are up, this one included; answered with
/// <see cref="ReplicaCount"/>.</summary>
public sealed class GetReplicaCount
{
    public static readonly GetReplicaCount Instance = new();

    private GetReplicaCount()
    {
    }
}

/// <summary>The answer to <see cref="GetReplicaCount"/>.</summary>
public sealed record ReplicaCount(int N);

/// <summary>Asks for all keys that this node knows and that are not deleted; answered with <see cref="GetKeysIdsResult"/>.</summary>
public sealed class GetKeyIds
{
    public static readonly GetKeyIds Instance = new();

    private GetKeyIds()
    {
    }
}

/// <summary>The answer to <see cref="GetKeyIds"/>.</summary>
public sealed class GetKeysIdsResult(IImmutableSet<string> keys) : IEquatable<GetKeysIdsResult>
{
    public IImmutableSet<string> Keys { get; } = keys;

    public bool Equals(GetKeysIdsResult? other) => other is not null && Keys.SetEquals(other.Keys);

    public override bool Equals(object? obj) => Equals(obj as GetKeysIdsResult);

    public override int GetHashCode() => Keys.Count;

    public override string ToString() => $"GetKeysIdsResult({string.Join(", ", Keys.Order())})";
}
