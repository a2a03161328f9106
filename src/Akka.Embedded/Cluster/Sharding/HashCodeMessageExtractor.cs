namespace Akka.Cluster.Sharding;

/// <summary>
/// Spreads entities over a fixed number of shards by a hash of their id. The hash depends on nothing but the id's characters,
/// so that every node and every version places an entity alike. <see cref="MaxNumberOfShards"/> must never change either.
/// </summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
    /// <summary>Ten times the largest number of nodes planned for is a good value.</summary>
    public readonly int MaxNumberOfShards;

    // A shard id is asked for with every message: the strings are made once.
    private readonly string[] _shardIds;

    protected HashCodeMessageExtractor(int maxNumberOfShards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfShards, 1);
        MaxNumberOfShards = maxNumberOfShards;
        _shardIds = new string[maxNumberOfShards];
        for (var i = 0; i < maxNumberOfShards; i++)
            _shardIds[i] = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>An extractor from functions.</summary>
    /// <param name="maxNumberOfShards">See <see cref="MaxNumberOfShards"/>.</param>
    /// <param name="entityIdExtractor">The entity's id, or null for a message that is not for an entity.</param>
    /// <param name="messageExtractor">What the entity receives; by default the message itself.</param>
    public static HashCodeMessageExtractor Create(
        int maxNumberOfShards, Func<object, string?> entityIdExtractor, Func<object, object>? messageExtractor = null) =>
        new FunctionExtractor(maxNumberOfShards, entityIdExtractor, messageExtractor);

    public abstract string? EntityId(object message);

    public virtual object? EntityMessage(object message) => message;

    [Obsolete("Use ShardId(string, object?) instead.")]
    public virtual string? ShardId(object message) => EntityId(message) is { } entityId ? ShardId(entityId, message) : null;

    public virtual string ShardId(string entityId, object? messageHint = null) =>
        _shardIds[StableHash(entityId) % (uint)_shardIds.Length];

    /// <summary>FNV-1a over the UTF-16 code units with MurmurHash3's finalizer, so that ids that differ in one digit spread too.</summary>
    private static uint StableHash(string entityId)
    {
        var hash = 2166136261u;
        foreach (var c in entityId)
            hash = (hash ^ c) * 16777619u;

        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35u;
        return hash ^ (hash >> 16);
    }

    private sealed class FunctionExtractor(
        int maxNumberOfShards, Func<object, string?> entityId, Func<object, object>? entityMessage)
        : HashCodeMessageExtractor(maxNumberOfShards)
    {
        public override string? EntityId(object message) => entityId(message);

        public override object? EntityMessage(object message) => entityMessage is null ? message : entityMessage(message);
    }
}
