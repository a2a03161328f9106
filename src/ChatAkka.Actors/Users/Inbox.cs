using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// What a user has got of their channels since this incarnation of the actor began: how far in each, and the newest events themselves,
/// so that a device that comes back needs no storage. Volatile. A user without channels has none.
/// </summary>
internal sealed class Inbox(int queueLength)
{
    private readonly Dictionary<ChannelId, ChannelPosition> _positions = [];
    private readonly SyncQueue _newest = new(queueLength);

    /// <summary>The position in a channel of the user; unknown if nothing was heard of it yet.</summary>
    public ChannelPosition this[ChannelId channel]
    {
        get
        {
            if (!_positions.TryGetValue(channel, out var position))
            {
                _positions[channel] = position = new ChannelPosition();
            }

            return position;
        }
    }

    /// <summary>The position in a channel; null if nothing was heard of it yet, or the user has left it.</summary>
    public ChannelPosition? Find(ChannelId channel) => _positions.GetValueOrDefault(channel);

    /// <summary>The user is a member from just after this id on; what was known of an earlier membership is void.</summary>
    public void Join(ChannelId channel, long after)
    {
        Leave(channel);
        _positions[channel] = ChannelPosition.At(after);
    }

    public void Leave(ChannelId channel)
    {
        _positions.Remove(channel);
        _newest.Drop(channel);
    }

    /// <summary>Takes what is next in line.</summary>
    public void Append(Delivery delivery)
    {
        this[delivery.Channel].AdvanceTo(delivery.Events[^1]);
        foreach (var e in delivery.Events)
        {
            _newest.Append(delivery.Channel, e);
        }
    }

    /// <summary>
    /// Learns the newest events of the store, which may be ahead of what was delivered. With no live session that is simply where the user
    /// stands now. A live one has to be sent what lies between, so the user stays where the live sessions stand, and has a gap.
    /// </summary>
    /// <param name="state">The user's channels now; one without a head was joined while the heads were read.</param>
    /// <param name="heads">The newest event of each channel.</param>
    /// <param name="isAnyLive">Whether the user has a live session.</param>
    /// <returns>The channels in which this has opened a gap.</returns>
    public IReadOnlyList<ChannelId> Discover(UserState state, IReadOnlyDictionary<ChannelId, ChannelEvent> heads, bool isAnyLive)
    {
        var gaps = new List<ChannelId>();
        foreach (var channel in state.Channels)
        {
            var position = this[channel];
            if (!heads.TryGetValue(channel, out var head))
            {
                if (!position.IsKnown)
                {
                    Join(channel, state.JoinedAfter(channel));
                }
            }
            else if (head.Id > position.Head)
            {
                if (!position.IsKnown || !isAnyLive)
                {
                    position.AdvanceTo(head);
                }
                else if (position.HearOf(head.Id))
                {
                    gaps.Add(channel);
                }
            }
        }

        return gaps;
    }

    /// <summary>What lies between an id and the user's position, with its events if all of them are still here.</summary>
    public Stretch StretchFrom(ChannelId channel, long from, StretchKind kind)
    {
        var position = this[channel];
        var held = _newest.TryRange(channel, from, position.Head, out var events) ? events : default;
        return new Stretch(channel, from, position.Head, position.N, position.Read, position.ReadN, kind, held);
    }

    /// <summary>Receipts without older cursors of the user's own: the live sessions were told newer ones.</summary>
    public ReceiptChanges NewsOf(ReceiptChanges receipts, UserId user)
    {
        var position = Find(receipts.Channel);
        return position is not null && receipts.Changes.Any(IsOld)
            ? new ReceiptChanges(receipts.Channel, receipts.Changes.RemoveAll(IsOld))
            : receipts;

        bool IsOld(ReceiptChange change) => change.User == user
            && ((change.Read != 0 && change.Read < position.Read) || (change.Delivered != 0 && change.Delivered < position.Delivered));
    }

    /// <summary>Messages up to an event; null if that can't be told without the journal.</summary>
    public long? CountUpTo(ChannelId channel, long id) =>
        Find(channel) is { } position && position.Head == id ? position.N
        : _newest.TryRange(channel, id, id, out var events) ? events[0].N
        : null;
}
