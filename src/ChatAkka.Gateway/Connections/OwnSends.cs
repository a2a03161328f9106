using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// Remembers for which of its own messages a socket has had the <c>ok</c> but not yet seen the event pass, so that the event can be left
/// out: the <c>ok</c> stands for it. (When the event comes first, the connection answers from it and nothing is remembered.)
/// </summary>
/// <remarks>
/// Bounded: an <c>ok</c> for a repeated send may name an event that passed long ago, and such an entry is never taken out by its event.
/// Beyond the bound the oldest is forgotten, which at worst shows a client an id that it knows.
/// </remarks>
internal sealed class OwnSends(int capacity = OwnSends.DefaultCapacity)
{
    public const int DefaultCapacity = 4096;

    private readonly HashSet<(ChannelId Channel, long Id)> _awaited = [];
    private readonly Queue<(ChannelId Channel, long Id)> _order = new();

    public int Count => _awaited.Count;

    /// <summary>The <c>ok</c> with this id was written.</summary>
    public void Answered(ChannelId channel, long id)
    {
        if (!_awaited.Add((channel, id)))
        {
            return;
        }

        _order.Enqueue((channel, id));
        while (_order.Count > capacity)
        {
            _awaited.Remove(_order.Dequeue());
        }
    }

    /// <summary>The event with this id is about to pass: true if it must be left out.</summary>
    public bool Suppress(ChannelId channel, long id)
    {
        if (_awaited.Count == 0 || !_awaited.Remove((channel, id)))
        {
            return false;
        }

        // What is gone is skipped here, not searched for: events pass nearly in the order of their oks.
        while (_order.TryPeek(out var oldest) && !_awaited.Contains(oldest))
        {
            _order.Dequeue();
        }

        return true;
    }
}
