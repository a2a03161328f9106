using Akka.Cluster;

namespace Akka.DistributedData.Causal;

/// <summary>One write: by whom, and the how manieth of his to this value. No two writes to one value have the same.</summary>
internal readonly record struct Dot(UniqueAddress Node, long Version);

/// <summary>A dot with what was written.</summary>
internal readonly record struct Write<V>(UniqueAddress Node, long Version, V Value)
{
    public Dot Dot => new(Node, Version);
}

/// <summary>How two values that were written with one dot, or that are looked at together, become one.</summary>
internal interface IJoin<V>
{
    /// <summary>Commutative, associative and idempotent.</summary>
    static abstract V Join(V left, V right);
}
