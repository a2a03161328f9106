namespace Akka.Cluster.Sharding;

/// <summary>
/// Tells a shard region which entity a message is for, which shard that entity lives in, and what the entity is to receive. It
/// runs on the threads of the senders: it must be pure, thread-safe and quick.
/// </summary>
public interface IMessageExtractor
{
    /// <summary>The id of the entity, or null where the message is for none (it then goes to unhandled messages).</summary>
    string? EntityId(object message);

    /// <summary>What the entity receives, usually the message itself or the content of an envelope.</summary>
    object? EntityMessage(object message);

    /// <summary>The shard of a message's entity.</summary>
    [Obsolete("Use ShardId(EntityId, object) instead.")]
    string? ShardId(object message);

    /// <summary>The shard of an entity. The same entity must be in the same shard on every node and for ever.</summary>
    string ShardId(string entityId, object? messageHint = null);
}
