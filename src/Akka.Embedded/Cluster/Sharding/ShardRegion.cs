using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The entities of one type on this node. A message to the region is taken to its entity by the sender's own thread: the region
/// finds the shard, the shard the entity. The region's actor serves queries, passivates what is idle, and ends the region.
/// </summary>
internal sealed class ShardRegion
{
    private readonly Lock _gate = new();
    private readonly ActorSystemImpl _system;
    private readonly ActorCell _cell;
    private readonly IMessageExtractor _extractor;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Replaced as a whole, under the lock: there are few shards, and every message looks one up.
    private Dictionary<string, ShardHome> _homes = [];
    private int _buffered;
    private bool _overflowIsKnown;
    private bool _closed;

    public ShardRegion(
        ActorSystemImpl system,
        ActorCell guardian,
        string typeName,
        Func<string, Props> entityProps,
        ClusterShardingSettings settings,
        IMessageExtractor extractor,
        object handOffStopMessage)
    {
        _system = system;
        _extractor = extractor;
        Settings = settings;
        HandOffStopMessage = handOffStopMessage;
        EntityProps = new EntityProps(entityProps);
        _cell = guardian.CreateChild(Props.Create<ShardRegionActor>(this), Uri.EscapeDataString(typeName));
        Ref = new ShardRegionRef(system, this, _cell);
    }

    /// <summary>What the application tells.</summary>
    public IActorRef Ref { get; }

    public ClusterShardingSettings Settings { get; }

    public object HandOffStopMessage { get; }

    public Props EntityProps { get; }

    /// <summary>Completes when the region and all its entities have stopped.</summary>
    public Task WhenStopped => _stopped.Task;

    /// <summary>The time, in ticks of the sweep for idle entities and only as fresh as the last sweep: asked with every message.</summary>
    public int Now { get; set; }

    public IEnumerable<LocalShard> LocalShards => _homes.Values.OfType<LocalShard>();

    public void Tell(object message, IActorRef? sender)
    {
        string? entityId;
        object? entityMessage;
        string shardId;
        try
        {
            if (message is ShardingEnvelope envelope)
            {
                entityId = envelope.EntityId;
                entityMessage = envelope.Message;
            }
            else if (message is IShardRegionCommand or IShardRegionQuery or IAutoReceivedMessage)
            {
                _cell.Tell(message, sender);
                return;
            }
            else
            {
                entityId = _extractor.EntityId(message);
                entityMessage = entityId is null ? null : _extractor.EntityMessage(message);
            }

            if (entityId is null || entityMessage is null)
            {
                _system.EventStream.Publish(new UnhandledMessage(message, sender ?? _system.DeadLetters, Ref));
                return;
            }

            shardId = _extractor.ShardId(entityId, entityMessage);
        }
        catch (Exception e)
        {
            // The application's extractor must not fail its senders.
            _system.EventStream.Publish(
                new Error(e, Ref.Path.ToString(), _extractor.GetType(), $"The extractor failed on {message.GetType()}."));
            DeadLetter(message, sender);
            return;
        }

        HomeOf(shardId).Deliver(entityId, entityMessage, sender);
    }

    /// <summary>An id that can't be the name of an actor has no entity.</summary>
    public bool IsValidEntityId(string entityId)
    {
        if (entityId.Length > 0 && IsWellFormed(entityId))
            return true;

        _system.EventStream.Publish(new Warning(
            Ref.Path.ToString(), typeof(ShardRegion), "An entity id must be non-empty, well-formed UTF-16: the message is dropped."));
        return false;
    }

    /// <summary>Takes a place in the region's buffer, if there is one.</summary>
    public bool TryReserveBuffer()
    {
        if (Interlocked.Increment(ref _buffered) <= Settings.TuningParameters.BufferSize)
            return true;

        Interlocked.Decrement(ref _buffered);
        return false;
    }

    public void ReleaseBuffer(int count)
    {
        if (count > 0 && Interlocked.Add(ref _buffered, -count) == 0)
            _overflowIsKnown = false;
    }

    /// <summary>A message found the buffer full.</summary>
    public void Dropped(object message, IActorRef? sender)
    {
        if (!_overflowIsKnown)
        {
            // Once until the buffer has been empty again: a flood of messages must not become one of warnings.
            _overflowIsKnown = true;
            _system.EventStream.Publish(new Warning(
                Ref.Path.ToString(),
                typeof(ShardRegion),
                $"Buffer of {Settings.TuningParameters.BufferSize} messages is full, dropping messages to entities that are stopping."));
        }

        DeadLetter(message, sender);
    }

    public void DeadLetter(object message, IActorRef? sender) => _system.DeadLetters.Publish(message, sender, Ref);

    /// <summary>Creates no more shards; returns those there are.</summary>
    public IReadOnlyList<LocalShard> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return [.. LocalShards];
        }
    }

    /// <summary>The last entity of a shard that is being handed off has stopped.</summary>
    public void ShardHandedOff(LocalShard shard) => _cell.Tell(new ShardRegionActor.HandedOff(shard), _cell);

    /// <summary>The region's actor has stopped, and so have all entities.</summary>
    public void Stopped()
    {
        Close();
        _stopped.TrySetResult();
    }

    public CurrentShardRegionState State() => new(
        [.. LocalShards.Select(shard => new ShardState(shard.Id, shard.EntityIds))],
        []);

    private ShardHome HomeOf(string shardId) =>
        Volatile.Read(ref _homes).TryGetValue(shardId, out var home) ? home : Allocate(shardId);

    /// <summary>Decides where a shard lives: here.</summary>
    private ShardHome Allocate(string shardId)
    {
        lock (_gate)
        {
            if (_homes.TryGetValue(shardId, out var home))
                return home;

            if (_closed)
                return new NoHome(this);

            home = new LocalShard(this, shardId, _cell);
            Volatile.Write(ref _homes, new Dictionary<string, ShardHome>(_homes) { [shardId] = home });
            return home;
        }
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != OperationStatus.Done)
                return false;

            rest = rest[consumed..];
        }

        return true;
    }

    /// <summary>Of a region that has stopped.</summary>
    private sealed class NoHome(ShardRegion region) : ShardHome
    {
        public override void Deliver(string entityId, object message, IActorRef? sender) => region.DeadLetter(message, sender);
    }
}
