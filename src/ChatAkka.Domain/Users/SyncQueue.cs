using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Users;

/// <summary>
/// A user's newest events of all channels, kept so that a device that comes back needs no storage. Bounded in events and
/// in characters of text; the oldest go first, and what has gone is read from the journal. Mutable: it belongs to one
/// actor. It has no memory until the first event and after the last one was dropped.
/// </summary>
public sealed class SyncQueue
{
    private const int InitialLength = 8;

    private readonly int _capacity;
    private readonly long _maxChars;

    // A ring: the oldest at _start.
    private Entry[] _ring = [];
    private int _start;
    private long _chars;

    /// <param name="capacity">Events it holds at most; 0 for none.</param>
    /// <param name="maxChars">UTF-16 units of message text it holds at most; a longer text isn't kept at all.</param>
    public SyncQueue(int capacity, int maxChars = 256 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(maxChars);
        _capacity = capacity;
        _maxChars = maxChars;
    }

    /// <summary>Events it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an event; the oldest make room.</summary>
    public void Append(ChannelId channel, ChannelEvent e)
    {
        if (_capacity == 0)
        {
            return;
        }

        if (Count == _capacity)
        {
            RemoveOldest();
        }

        if (Count == _ring.Length)
        {
            Grow();
        }

        this[Count++] = new Entry(channel, e);
        _chars += e.TextLength;
        while (_chars > _maxChars)
        {
            RemoveOldest();
        }
    }

    /// <summary>The channel's events with these ids, both included, ascending; true only if every one of them is here.</summary>
    public bool TryRange(ChannelId channel, long from, long to, out ImmutableArray<ChannelEvent> events)
    {
        events = [];
        if (to < from)
        {
            return true;
        }

        if (to - from >= Count)
        {
            return false;
        }

        var range = new ChannelEvent[to - from + 1];
        var missing = range.Length;
        for (var i = Count - 1; i >= 0 && missing > 0; i--)
        {
            ref readonly var entry = ref this[i];
            if (entry.Event.Id >= from && entry.Event.Id <= to && entry.Channel == channel)
            {
                ref var place = ref range[entry.Event.Id - from];
                missing -= place is null ? 1 : 0;
                place = entry.Event;
            }
        }

        if (missing > 0)
        {
            return false;
        }

        events = ImmutableCollectionsMarshal.AsImmutableArray(range);
        return true;
    }

    /// <summary>Forgets a channel: the user isn't a member any more.</summary>
    public void Drop(ChannelId channel)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            var entry = this[i];
            if (entry.Channel == channel)
            {
                _chars -= entry.Event.TextLength;
            }
            else
            {
                this[kept++] = entry;
            }
        }

        for (var i = kept; i < Count; i++)
        {
            this[i] = default;
        }

        Count = kept;
        if (Count == 0)
        {
            _ring = [];
            _start = 0;
        }
    }

    // i counts from the oldest.
    private ref Entry this[int i] => ref _ring[(_start + i) % _ring.Length];

    private void RemoveOldest()
    {
        _chars -= this[0].Event.TextLength;
        this[0] = default;
        _start = (_start + 1) % _ring.Length;
        Count--;
    }

    private void Grow()
    {
        var larger = new Entry[Math.Min(_capacity, Math.Max(InitialLength, _ring.Length * 2))];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        _ring = larger;
        _start = 0;
    }

    private readonly record struct Entry(ChannelId Channel, ChannelEvent Event);
}
