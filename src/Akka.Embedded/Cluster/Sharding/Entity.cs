using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// What a shard knows of one entity, and the lock that orders its messages: whoever delivers, passivates or replaces the entity
/// holds it. Under it messages are only queued and actors only registered; nothing of the application's runs.
/// </summary>
internal sealed class Entity(string id, ActorCell cell, int now)
{
    // Stands for a buffer in which there is nothing yet. Never written to.
    private static readonly List<Envelope> Empty = [];

    public readonly string Id = id;
    public readonly int Hash = id.GetHashCode();

    /// <summary>The link of the <see cref="EntityTable"/>.</summary>
    public Entity? Next;

    // Null once the entity has left its shard.
    private ActorCell? _cell = cell;

    // Null while the entity runs; otherwise it is stopping, and this is what has arrived since.
    private List<Envelope>? _buffer;

    // The region's coarse time of the last message.
    private int _lastMessage = now;

    /// <summary>In the order of creation.</summary>
    public long Age => Volatile.Read(ref _cell)?.Uid ?? 0;

    public bool Is(ActorCell cell) => Volatile.Read(ref _cell) == cell;

    /// <summary>Delivers or buffers a message; false if the entity has left its shard, or its shard is being handed off.</summary>
    public bool TryDeliver(LocalShard shard, object message, IActorRef? sender)
    {
        var region = shard.Region;
        lock (this)
        {
            if (_buffer is null)
            {
                if (_cell is null)
                    return false;
                // A write only where it changes something: neighbours in memory belong to other threads.
                if (_lastMessage != region.Now)
                    _lastMessage = region.Now;
                _cell.Tell(message, sender);
                return true;
            }

            if (shard.IsHandedOff)
                return false;
            if (region.TryReserveBuffer())
            {
                if (_buffer == Empty)
                    _buffer = [];
                _buffer.Add(new Envelope(message, sender));
                return true;
            }
        }

        region.Dropped(message, sender);
        return true;
    }

    /// <summary>
    /// Sends the stop message, behind everything that was delivered, and buffers from now on. Does nothing if the entity is
    /// stopping already or is another incarnation.
    /// </summary>
    public void Passivate(ActorCell? cell, object stopMessage, IActorRef shard)
    {
        lock (this)
        {
            if (_cell is not null && _buffer is null && (cell is null || _cell == cell))
            {
                _buffer = Empty;
                _cell.Tell(stopMessage, shard);
            }
        }
    }

    /// <summary>Whether the entity seems to have got no message for a number of coarse ticks.</summary>
    public bool SeemsIdle(int now, int idleTicks) => unchecked(now - Volatile.Read(ref _lastMessage)) >= idleTicks;

    /// <summary>Passivates the entity if it has got no message for a number of coarse ticks.</summary>
    public void PassivateIfIdle(int now, int idleTicks, object stopMessage, IActorRef shard)
    {
        lock (this)
        {
            if (_cell is not null && _buffer is null && unchecked(now - _lastMessage) >= idleTicks)
            {
                _buffer = Empty;
                _cell.Tell(stopMessage, shard);
            }
        }
    }

    /// <summary>The incarnation takes no more messages, whoever has stopped it: they are buffered.</summary>
    public void Stopping(ActorCell cell)
    {
        lock (this)
        {
            if (_cell == cell)
                _buffer ??= Empty;
        }
    }

    /// <summary>
    /// The incarnation has stopped. If messages have been buffered, they go to the next one, in order; otherwise the entity leaves.
    /// </summary>
    /// <param name="cell">The stopped incarnation.</param>
    /// <param name="region">The region.</param>
    /// <param name="create">Makes the next incarnation; null if there is to be none any more.</param>
    /// <param name="lastMessage">What the next incarnation gets behind them, if its shard is being handed off; otherwise null.</param>
    /// <param name="undelivered">The buffered messages, if the entity has left nevertheless.</param>
    /// <returns>True if the entity has left its shard.</returns>
    public bool TryLeave(
        ActorCell cell, ShardRegion region, Func<Entity, ActorCell?> create, Envelope? lastMessage, out List<Envelope> undelivered)
    {
        lock (this)
        {
            undelivered = Empty;
            if (_cell != cell)
                return false;
            var buffered = _buffer ?? Empty;
            region.ReleaseBuffer(buffered.Count);
            _buffer = null;
            _cell = buffered.Count > 0 ? create(this) : null;
            if (_cell is null)
            {
                undelivered = buffered;
                return true;
            }

            _lastMessage = region.Now;
            foreach (var envelope in buffered)
                _cell.Tell(envelope.Message, envelope.Sender);
            if (lastMessage is { } last)
            {
                _buffer = Empty;
                _cell.Tell(last.Message, last.Sender);
            }

            return false;
        }
    }
}
