using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// What this socket knows beyond what the store knows: for channels, up to which event it was sent them, and what its client has said of
/// them. The next incarnation of the user's actor is told the first, so that it sends nothing twice, and the second, which may have been
/// lost with this one. Part of a connection's actor.
/// </summary>
/// <remarks>
/// An entry leaves when the store has all of it, so a socket whose client acknowledges what comes has none while nothing comes. What is
/// sent is bounded by the user's channels; what is only said by <see cref="MaxSaid"/>, beyond which it isn't remembered.
/// </remarks>
internal sealed class SentChannels
{
    private const int MaxSaid = 256;
    private const long Nothing = long.MinValue;

    private readonly Dictionary<ChannelId, Entry> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Up to which event the socket was sent each channel, or that it was told that the channel isn't the user's.</summary>
    public Dictionary<ChannelId, long> Sent =>
        _entries.Where(entry => entry.Value.Sent != Nothing).ToDictionary(entry => entry.Key, entry => entry.Value.Sent);

    /// <summary>Events up to an id are written now.</summary>
    /// <returns>Up to where they were before; <see cref="long.MinValue"/> if that isn't known here.</returns>
    public long Raise(ChannelId channel, long id)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, channel, out var isKnown);
        var before = isKnown ? entry.Sent : Nothing;
        entry.Sent = Math.Max(before, id);
        return before;
    }

    /// <summary>The socket is told that the channel isn't the user's any more; what was said of it is void.</summary>
    public void Leave(ChannelId channel) => _entries[channel] = new Entry { Sent = SessionResume.HasLeft };

    /// <summary>The client has everything up to an id. Nothing to remember, if nothing was sent that the store doesn't know.</summary>
    public void Deliver(ChannelId channel, long id)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, channel);
        if (!Unsafe.IsNullRef(ref entry))
        {
            entry.Delivered = Math.Max(entry.Delivered, id);
        }
    }

    /// <summary>The user has read everything up to an id.</summary>
    public void Read(ChannelId channel, long id)
    {
        var isKnown = _entries.TryGetValue(channel, out var entry);
        if (isKnown || _entries.Count < MaxSaid)
        {
            _entries[channel] = new Entry
            {
                Sent = isKnown ? entry.Sent : Nothing,
                Delivered = entry.Delivered,
                Read = Math.Max(entry.Read, id),
            };
        }
    }

    /// <summary>The store has this.</summary>
    public void Store(in StoredCursor stored)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, stored.Channel);
        if (Unsafe.IsNullRef(ref entry) || entry.Sent == SessionResume.HasLeft)
        {
            return;
        }

        entry.Sent = stored.Delivered >= entry.Sent ? Nothing : entry.Sent;
        entry.Delivered = stored.Delivered >= entry.Delivered ? 0 : entry.Delivered;
        entry.Read = stored.Read >= entry.Read ? 0 : entry.Read;
        if (entry is { Sent: Nothing, Delivered: 0, Read: 0 })
        {
            _entries.Remove(stored.Channel);
        }
    }

    /// <summary>What the client has said and the store may not have; 0 for what it hasn't.</summary>
    public IEnumerable<StoredCursor> Said =>
        _entries.Where(entry => (entry.Value.Delivered | entry.Value.Read) != 0)
            .Select(entry => new StoredCursor(entry.Key, entry.Value.Delivered, entry.Value.Read));

    private struct Entry
    {
        public long Sent;
        public long Delivered;
        public long Read;
    }
}
