using System.Buffers;
using System.Text;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>What a region is started with.</summary>
/// <param name="TypeName">The type of the entities.</param>
/// <param name="EntityProps">How the entity of an id is made; null for a proxy, which runs none.</param>
/// <param name="Settings">How the region behaves.</param>
/// <param name="Extractor">How a message tells its entity.</param>
/// <param name="StopMessage">What stops an entity that is idle or handed off.</param>
internal sealed record ShardRegionStart(
    string TypeName, Func<string, Props>? EntityProps, ClusterShardingSettings Settings, IMessageExtractor Extractor, object StopMessage)
{
    public bool IsProxy => EntityProps is null;

    /// <summary>The name of the region's actor.</summary>
    public string ActorName => Uri.EscapeDataString(TypeName) + (IsProxy ? "Proxy" : "");
}

/// <summary>
/// The entities of one type as this node reaches them. A message to the region is taken to its entity by the sender's own thread: the
/// region finds the shard's home, and if that is this node, the shard finds the entity. The region's actor serves queries, passivates what
/// is idle, moves shards and ends the region.
/// </summary>
/// <remarks>See <see cref="ShardHome"/> for what holds while shards move.</remarks>
internal sealed class ShardRegion
{
    private readonly Lock _gate = new();
    private readonly ActorSystemImpl _system;
    private readonly ActorCell _cell;
    private readonly IMessageExtractor _extractor;
    private readonly bool _ownsAllShards;
    private readonly TaskCompletionSource _stopped;

    // Replaced as a whole, under the lock: there are few shards, and every message looks one up.
    private Dictionary<string, ShardHome> _homes = [];
    private int _buffered;
    private bool _overflowIsKnown;
    private bool _closed;

    /// <param name="system">The system.</param>
    /// <param name="guardian">The parent of the region's actor.</param>
    /// <param name="start">How it is started.</param>
    /// <param name="actor">Makes the region's actor.</param>
    /// <param name="ownsAllShards">There is no other node: every shard lives here.</param>
    public ShardRegion(
        ActorSystemImpl system, ActorCell guardian, ShardRegionStart start, Func<ShardRegion, ActorBase> actor, bool ownsAllShards)
    {
        _system = system;
        _stopped = new TaskCompletionSource(system.Continuations);
        _extractor = start.Extractor;
        _ownsAllShards = ownsAllShards;
        Settings = start.Settings;
        TypeName = start.TypeName;
        IsProxy = start.IsProxy;
        StopMessage = start.StopMessage;
        EntityProps = new EntityProps(start.EntityProps ?? (static _ => Props.None));
        _cell = guardian.CreateChild(new ShardRegionProps(this, actor), start.ActorName);
        Ref = new ShardRegionRef(system, this, _cell);
        _system.Facades.Set(_cell, new ShardRegionFacade(system, this, _cell));
    }

    public string TypeName { get; }

    public bool IsProxy { get; }

    /// <summary>What the application tells.</summary>
    public IActorRef Ref { get; }

    public ClusterShardingSettings Settings { get; }

    public object StopMessage { get; }

    public Props EntityProps { get; }

    /// <summary>Completes when the region and all its entities have stopped.</summary>
    public Task WhenStopped => _stopped.Task;

    /// <summary>The time, in ticks of the sweep for idle entities and only as fresh as the last sweep: asked with every message.</summary>
    public int Now { get; set; }

    /// <summary>In the order in which they became local.</summary>
    public IEnumerable<LocalShard> LocalShards => Homes.Values.OfType<LocalShard>().OrderBy(static shard => shard.Cell.Uid);

    /// <summary>A snapshot: neither it nor its order is kept up.</summary>
    public IReadOnlyDictionary<string, ShardHome> Homes => Volatile.Read(ref _homes);

    /// <summary>Takes what somebody on this node tells.</summary>
    public void Tell(object message, IActorRef? sender)
    {
        if (!TryTake(message, sender, out var shardId, out var addressed))
            Route(shardId, addressed);
    }

    /// <summary>Takes what another node has sent to the region's path.</summary>
    public void TellFromElsewhere(object message, IActorRef? sender)
    {
        if (message is LastOfShard last)
        {
            // Whatever came before it has been taken.
            last.Coordinator.Tell(last.Acknowledgement, Ref);
        }
        else if (!TryTake(message, sender, out var shardId, out var addressed))
        {
            var forwarded = message as Forwarded;
            var sentOn = new Forwarded((forwarded?.Hops ?? 0) + 1, forwarded?.Message ?? message);
            Route(shardId, addressed with { Original = sentOn });
        }
    }

    /// <summary>Finds out for which entity of which shard a message is; false if for none, and then it has been dealt with.</summary>
    public bool Address(object message, IActorRef? sender, out string shardId, out ShardMessage addressed)
    {
        shardId = "";
        addressed = default;
        string? entityId;
        object? content;
        var original = message is Forwarded forwarded ? forwarded.Message : message;
        try
        {
            if (original is ShardingEnvelope envelope)
            {
                entityId = envelope.EntityId;
                content = envelope.Message;
            }
            else
            {
                entityId = _extractor.EntityId(original);
                content = entityId is null ? null : _extractor.EntityMessage(original);
            }

            if (entityId is null || content is null)
            {
                _system.EventStream.Publish(new UnhandledMessage(original, sender ?? _system.DeadLetters, Ref));
                return false;
            }

            shardId = _extractor.ShardId(entityId, content);
        }
        catch (Exception e)
        {
            // The application's extractor must not fail its senders.
            _system.EventStream.Publish(
                new Error(e, Ref.Path.ToString(), _extractor.GetType(), $"The extractor failed on {original.GetType()}."));
            DeadLetter(original, sender);
            return false;
        }

        addressed = new ShardMessage(entityId, content, message, sender);
        return true;
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
                $"Buffer of {Settings.TuningParameters.BufferSize} messages is full, dropping messages to entities that are stopping or "
                + "whose home is not known."));
        }

        DeadLetter(message, sender);
    }

    public void DeadLetter(object message, IActorRef? sender) => _system.DeadLetters.Publish(message, sender, Ref);

    /// <summary>A message has been sent on so often that its shard's home can't be the one that this region takes for it.</summary>
    public void LostItsWay(string shardId, RemoteShard home, in ShardMessage message)
    {
        _cell.Tell(new HomeDoubted(shardId, home), _cell);
        DeadLetter(message.Content, message.Sender);
    }

    /// <summary>Makes a shard that can become a home. By the region's actor only, but where all shards are local.</summary>
    public LocalShard CreateLocal(string shardId) => new(this, shardId, _cell);

    /// <summary>Makes a home a shard's. By the region's actor only.</summary>
    public void Put(string shardId, ShardHome home)
    {
        lock (_gate)
            Volatile.Write(ref _homes, new Dictionary<string, ShardHome>(_homes) { [shardId] = home });
    }

    /// <summary>Makes a home a shard's that has none, or a pending one, which is emptied into it. By the region's actor only.</summary>
    public void Settle(string shardId, ShardHome home)
    {
        if (!TryPut(shardId, home))
            ((PendingShard)Homes[shardId]).MoveTo(home);
    }

    /// <summary>Takes a shard's home out, which must not be a pending one, before it is closed. By the region's actor only.</summary>
    public void Forget(string shardId)
    {
        lock (_gate)
        {
            var homes = new Dictionary<string, ShardHome>(_homes);
            homes.Remove(shardId);
            Volatile.Write(ref _homes, homes);
        }
    }

    /// <summary>No message finds a home from now on that hasn't found one before; the region's actor is stopping.</summary>
    public void Close()
    {
        Dictionary<string, ShardHome> homes;
        lock (_gate)
        {
            _closed = true;
            homes = _homes;
        }

        foreach (var pending in homes.Values.OfType<PendingShard>())
            pending.MoveTo(new NoHome(this));
    }

    /// <summary>The last entity of a shard that is being handed off has stopped.</summary>
    public void ShardHandedOff(LocalShard shard) => _cell.Tell(new HandedOff(shard), _cell);

    /// <summary>The region's actor has stopped, and so have all entities.</summary>
    public void Stopped()
    {
        Close();
        _system.Facades.Remove(_cell);
        foreach (var (shardId, home) in Homes)
        {
            Put(shardId, new NoHome(this));
            (home as RemoteShard)?.Close(null);
        }

        _stopped.TrySetResult();
    }

    /// <summary>Delivers what is for an entity here, or for the region; false if it must find its way first.</summary>
    private bool TryTake(object message, IActorRef? sender, out string shardId, out ShardMessage addressed)
    {
        if (message is IShardRegionCommand or IShardRegionQuery or IAutoReceivedMessage)
        {
            shardId = "";
            addressed = default;
            _cell.Tell(message, sender);
            return true;
        }

        return !Address(message, sender, out shardId, out addressed)
            || (Volatile.Read(ref _homes).TryGetValue(shardId, out var home)
                && home is LocalShard local
                && local.TryDeliver(addressed.EntityId, addressed.Content, sender));
    }

    private void Route(string shardId, in ShardMessage message)
    {
        while (!HomeOf(shardId).TryDeliver(message))
        {
            // It has been closed since it was found, and the table has forgotten it before.
        }
    }

    private ShardHome HomeOf(string shardId)
    {
        if (Volatile.Read(ref _homes).TryGetValue(shardId, out var home))
            return home;
        lock (_gate)
        {
            if (_homes.TryGetValue(shardId, out home))
                return home;
            if (_closed)
                return new NoHome(this);
            home = _ownsAllShards ? CreateLocal(shardId) : new PendingShard(this, shardId);
            Put(shardId, home);
        }

        if (home is PendingShard)
            _cell.Tell(new HomeWanted(shardId), _cell);
        return home;
    }

    private bool TryPut(string shardId, ShardHome home)
    {
        lock (_gate)
        {
            if (_homes.ContainsKey(shardId))
                return false;
            Put(shardId, home);
            return true;
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
}
