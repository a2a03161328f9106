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
    private readonly ShardRegion _region;
    private readonly ActorCell _cell;
    private readonly Func<Entity, ActorCell?> _createCell;
    private bool _stopping;

    public LocalShard(ShardRegion region, string id, ActorCell regionCell)
    {
        _region = region;
        Id = id;
        _createCell = entity => CreateCell(entity.Id);
        _cell = regionCell.CreateChild(Props.Create<ShardActor>(this), Uri.EscapeDataString(id));
    }

    public string Id { get; }

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

    public override void Deliver(string entityId, object message, IActorRef? sender)
    {
        var entity = _entities.Find(entityId) ?? GetOrCreate(entityId);
        while (entity is not null)
        {
            if (entity.TryDeliver(_region, message, sender))
                return;

            // It has left since it was looked up.
            entity = GetOrCreate(entityId);
        }

        _region.DeadLetter(message, sender);
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
            foreach (var entity in _entities)
                entity.PassivateIfIdle(now, idleTicks, stopMessage, _cell);
        }
    }

    /// <summary>Stops all entities and creates no more; true if there are none left.</summary>
    public bool HandOff(object stopMessage)
    {
        lock (_gate)
        {
            _stopping = true;
            foreach (var entity in _entities)
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
            if (!entity.TryLeave(cell, _region, _createCell, out undelivered))
                return;
            _entities.Remove(entity);
            handedOff = _stopping && _entities.Count == 0;
        }

        foreach (var envelope in undelivered)
            _region.DeadLetter(envelope.Message, envelope.Sender);
        if (handedOff)
            _region.ShardHandedOff(this);
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

    private Entity? GetOrCreate(string entityId)
    {
        lock (_gate)
        {
            if (_entities.Find(entityId) is { } existing)
                return existing;

            // On the sender's thread, and before anybody else can reach the entity: its messages keep the senders' order.
            if (!_region.IsValidEntityId(entityId) || CreateCell(entityId) is not { } cell)
                return null;

            var entity = new Entity(entityId, cell, _region.Now);
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
            return _cell.CreateChild(_region.EntityProps, Uri.EscapeDataString(entityId));
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
