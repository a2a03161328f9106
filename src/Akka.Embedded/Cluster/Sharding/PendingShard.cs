using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// A shard whose home is not known: it holds messages, in the order of their coming, until it is. The room is the region's: see
/// <see cref="ShardRegion.TryReserveBuffer"/>; what finds it full is a dead letter, and what is held stays.
/// </summary>
internal sealed class PendingShard(ShardRegion region, string id) : ShardHome
{
    // Fewer are moved while their senders wait; more, in rounds, before.
    private const int Few = 64;

    // Senders that are faster than the move must not keep it from ending.
    private const int MaxRounds = 8;

    private readonly Lock _gate = new();
    private List<Envelope> _messages = [];
    private bool _closed;

    public string Id => id;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _messages.Count == 0;
        }
    }

    public override bool TryDeliver(in ShardMessage message)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            if (region.TryReserveBuffer())
            {
                _messages.Add(new Envelope(message.Original, message.Sender));
                return true;
            }
        }

        region.Dropped(message.Content, message.Sender);
        return true;
    }

    /// <summary>Gives what it holds to its successor, and makes that the shard's home. By the region's actor only.</summary>
    /// <param name="next">A home that nobody else can find yet.</param>
    public void MoveTo(ShardHome next)
    {
        for (var round = 0; round < MaxRounds && TakeIfMany() is { } many; round++)
            Deliver(many, next);

        lock (_gate)
        {
            Deliver(_messages, next);
            _messages = [];
            region.Put(id, next);
            _closed = true;
        }
    }

    private List<Envelope>? TakeIfMany()
    {
        lock (_gate)
        {
            if (_messages.Count <= Few)
                return null;
            var many = _messages;
            _messages = [];
            return many;
        }
    }

    private void Deliver(List<Envelope> messages, ShardHome next)
    {
        region.ReleaseBuffer(messages.Count);
        foreach (var held in messages)
        {
            if (region.Address(held.Message, held.Sender, out _, out var message))
                next.TryDeliver(message);
        }
    }
}
