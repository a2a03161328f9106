using System.Runtime.InteropServices;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// What a socket whose client doesn't read is not sent one by one: the newest receipt of each member of each channel, and how each watched
/// user is. It is bounded by what there is to know, not by how often that changes.
/// </summary>
internal sealed class Backlog
{
    private readonly Dictionary<(ChannelId Channel, UserId User), (long Delivered, long Read)> _receipts = [];
    private readonly Dictionary<UserId, PresenceState> _presence = [];

    public IEnumerable<PresenceState> Presence => _presence.Values;

    public IEnumerable<ReceiptChanges> Receipts => _receipts.GroupBy(receipt => receipt.Key.Channel).Select(channel => new ReceiptChanges(
        channel.Key, [.. channel.Select(receipt => new ReceiptChange(receipt.Key.User, receipt.Value.Delivered, receipt.Value.Read))]));

    /// <summary>Merges receipts into those that wait.</summary>
    public void Add(ReceiptChanges receipts)
    {
        foreach (var change in receipts.Changes)
        {
            ref var waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_receipts, (receipts.Channel, change.User), out _);
            waiting = (Math.Max(waiting.Delivered, change.Delivered), Math.Max(waiting.Read, change.Read));
        }
    }

    public void Add(PresenceState state) => _presence[state.User] = state;
}
