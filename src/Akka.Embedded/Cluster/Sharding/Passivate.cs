namespace Akka.Cluster.Sharding;

/// <summary>Marks a message that a region carries out itself.</summary>
public interface IShardRegionCommand
{
}

/// <summary>
/// Sent by an entity to its parent, the shard, when it wants to stop: the shard sends <paramref name="stopMessage"/> back and
/// holds what arrives from then on until the entity has terminated. What is held then goes to a new incarnation.
/// </summary>
public sealed class Passivate(object stopMessage) : IShardRegionCommand
{
    /// <summary>What the entity receives as its last message; it must stop itself on it.</summary>
    public object StopMessage { get; } = stopMessage;
}

/// <summary>Sent to a region: stop all entities with the hand-off stop message, then the region itself.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown()
    {
    }
}
