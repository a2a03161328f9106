using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// A shard whose entities run in this process, as children of its actor. Senders look their entity up here and tell it the message
/// themselves; the shard's actor is only needed when an entity stops.
/// </summary>
/// <remarks>
/// An entity is in the table from its creation until its last incarnation's name is free again, so that there is never more than
/// one. The table's lock comes before an entity's.
/// </remarks>
internal sealed class LocalShard : ShardHome
{
    private readonly Lock _gate = new();
    private readonly EntityTable _entities = new();
    private readonly ActorCell _cell;
    private readonly Func<Entity, ActorCell?> _createCell;

    // What the entities are told last; null until the shard is handed off.
    private Envelope? _lastMessage;
    private bool _isHandedOff;

    // The shard's actor is being stopped, and with it all entities.
    private bool _stopping;

    public LocalShard(ShardRegion region, string id, ActorCell regionCell)
    {
        Region = region;
        Id = id;
        _createCell = entity => CreateCell(entity.Id);
        _cell = regionCell.CreateChild(Props.Create<ShardActor>(this), Uri.EscapeDataString(id));
    }

    public string Id { get; }

    public ShardRegion Region { get; }

    public ActorCell Cell => _cell;

    /// <summary>Entities take no more messages. An entity that sees it under its lock never gets another one.</summary>
    public bool IsHandedOff => Volatile.Read(ref _isHandedOff);

    public int Count
    {
        get
        {
            lock (_gate)
                return _entities.Count;
        }
    }

    public IImmutableSet<string> EntityIds
    {
        get
        {
            lock (_gate)
                return _entities.Select(entity => entity.Id).ToImmutableHashSet();
        }
    }

    public override bool TryDeliver(in ShardMessage message) => TryDeliver(message.EntityId, message.Content, message.Sender);

    /// <summary>Takes a message, on the sender's thread. False if the shard is being handed off.</summary>
    public bool TryDeliver(string entityId, object message, IActorRef? sender)
    {
        var entity = _entities.Find(entityId) ?? GetOrCreate(entityId);
        while (entity is not null)
        {
            if (entity.TryDeliver(this, message, sender))
                return true;

            // It has left since it was looked up.
            entity = GetOrCreate(entityId);
        }

        if (IsHandedOff)
            return false;
        Region.DeadLetter(message, sender);
        return true;
    }

    /// <summary>An entity asks to be stopped.</summary>
    public void Passivate(IActorRef requester, object stopMessage)
    {
        if (requester is ActorCell cell)
            FindEntityOf(cell)?.Passivate(cell, stopMessage, _cell);
    }

    public void PassivateIdle(int now, int idleTicks, object stopMessage)
    {
        lock (_gate)
        {
            foreach (var entity in ByAge(_entities.Where(entity => entity.SeemsIdle(now, idleTicks))))
                entity.PassivateIfIdle(now, idleTicks, stopMessage, _cell);
        }
    }

    /// <summary>
    /// Stops all entities behind what they have got, and takes no more messages: the region's table has forgotten the shard before.
    /// True if there are none left; otherwise the region is told when the last has stopped.
    /// </summary>
    /// <remarks>An entity that is being passivated while messages wait for it still gets them: its next incarnation is the last.</remarks>
    public bool HandOff(object stopMessage)
    {
        lock (_gate)
        {
            _lastMessage = new Envelope(stopMessage, _cell);
            Volatile.Write(ref _isHandedOff, true);
            foreach (var entity in ByAge(_entities))
                entity.Passivate(null, stopMessage, _cell);
            return _entities.Count == 0;
        }
    }

    /// <summary>An incarnation begins to stop. On its thread.</summary>
    public void EntityStopping(ActorCell cell) => FindEntityOf(cell)?.Stopping(cell);

    /// <summary>An incarnation has stopped and its name is free. On the shard's thread.</summary>
    public void EntityStopped(ActorCell cell)
    {
        if (FindEntityOf(cell) is not { } entity)
            return;

        bool handedOff;
        List<Envelope> undelivered;
        lock (_gate)
        {
            if (!entity.TryLeave(cell, Region, _createCell, _lastMessage, out undelivered))
                return;
            _entities.Remove(entity);
            handedOff = IsHandedOff && _entities.Count == 0;
        }

        foreach (var envelope in undelivered)
            Region.DeadLetter(envelope.Message, envelope.Sender);
        if (handedOff)
            Region.ShardHandedOff(this);
    }

    private Entity? FindEntityOf(ActorCell cell)
    {
        var id = Uri.UnescapeDataString(cell.Name);
        var entity = _entities.Find(id);
        if (entity is null)
        {
            lock (_gate)
                entity = _entities.Find(id);
        }

        return entity?.Is(cell) == true ? entity : null;
    }

    // In an order that is the same in every run.
    private static IEnumerable<Entity> ByAge(IEnumerable<Entity> entities) => entities.OrderBy(static entity => entity.Age);

    private Entity? GetOrCreate(string entityId)
    {
        lock (_gate)
        {
            if (_isHandedOff)
                return null;
            if (_entities.Find(entityId) is { } existing)
                return existing;

            // On the sender's thread, and before anybody else can reach the entity: its messages keep the senders' order.
            if (!Region.IsValidEntityId(entityId) || CreateCell(entityId) is not { } cell)
                return null;

            var entity = new Entity(entityId, cell, Region.Now);
            _entities.Add(entity);
            return entity;
        }
    }

    private ActorCell? CreateCell(string entityId)
    {
        if (_stopping)
            return null;

        try
        {
            return _cell.CreateChild(Region.EntityProps, Uri.EscapeDataString(entityId));
        }
        catch (InvalidOperationException)
        {
            // The shard's actor is being stopped, which only its own thread knows before.
            _stopping = true;
            return null;
        }
    }
}

/// <summary>The parent of a shard's entities.</summary>
internal sealed class ShardActor(LocalShard shard) : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not Passivate passivate)
            return false;

        shard.Passivate(Sender, passivate.StopMessage);
        return true;
    }

    internal override void ChildStopping(ActorCell child) => shard.EntityStopping(child);

    internal override void ChildStopped(ActorCell child) => shard.EntityStopped(child);
}
