using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Addresses a message to an entity by id. A region unwraps it itself: no extractor needs to know of it.</summary>
public sealed record ShardingEnvelope : IWrappedMessage, IClusterShardingSerializable
{
    public ShardingEnvelope(string entityId, object message)
    {
        EntityId = entityId;
        Message = message;
    }

    public string EntityId { get; }

    public object Message { get; }
}
