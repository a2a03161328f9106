using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Keeps receipts from going back on a client's screen. Between nodes a member is told through the relay of a node, or straight; when a node
/// stands still the way changes, and what was told the old way may come after what was told later, seconds later. Events are put right by
/// their ids; receipts have none, so a user remembers what was told last, and a socket too: one of them outlives
/// the other.
/// </summary>
/// <remarks>Bounded: of the members of whom it heard last, twice <see cref="Generation"/> at most.</remarks>
public sealed class ReceiptGuard
{
    /// <summary>So many are remembered for certain.</summary>
    public const int Generation = 64;

    private Dictionary<(ChannelId Channel, UserId User), (long Delivered, long Read)> _young = [];
    private Dictionary<(ChannelId Channel, UserId User), (long Delivered, long Read)> _old = [];

    /// <summary>What of receipts is news; null if nothing is.</summary>
    public ReceiptChanges? NewsOf(ReceiptChanges receipts)
    {
        List<ReceiptChange>? news = null;
        for (var i = 0; i < receipts.Changes.Length; i++)
        {
            var change = receipts.Changes[i];
            var key = (receipts.Channel, change.User);
            var known = _young.TryGetValue(key, out var young) ? young : _old.GetValueOrDefault(key);
            var (delivered, read) = (Math.Max(known.Delivered, change.Delivered), Math.Max(known.Read, change.Read));
            Remember(key, (delivered, read));
            var isNews = (change.Delivered == 0 || delivered > known.Delivered) && (change.Read == 0 || read > known.Read);
            if (!isNews && news is null)
            {
                news = [.. receipts.Changes.AsSpan(0, i)];
            }

            if (news is not null && (delivered, read) != known)
            {
                var told = new ReceiptChange(change.User, delivered > known.Delivered ? delivered : 0, read > known.Read ? read : 0);
                news.Add(told);
            }
        }

        return news is null ? receipts : news.Count > 0 ? new ReceiptChanges(receipts.Channel, [.. news]) : null;
    }

    private void Remember((ChannelId Channel, UserId User) key, (long Delivered, long Read) told)
    {
        if (_young.Count >= Generation && !_young.ContainsKey(key))
        {
            (_old, _young) = (_young, []);
        }

        _young[key] = told;
    }
}
