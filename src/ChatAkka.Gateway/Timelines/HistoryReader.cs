using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Timelines;

/// <summary>
/// Reads pages of messages from a timeline. Who asks must have proved that they may read it, by having been given its
/// <see cref="ChannelView"/>; nothing above that view's head is read, so a page and its flags describe one moment.
/// </summary>
/// <remarks>
/// Whether there is more on a side is exact and needs no reading: a message's <c>n</c> is its rank among the channel's messages.
/// A page is also bounded in bytes, so that it fits a frame; it is then shorter than asked for, and its flags say that there is more.
/// What was edited, deleted or reacted to since is folded in, from wherever in the timeline, with one read more.
/// </remarks>
internal sealed class HistoryReader(ITimelineReader timeline)
{
    private const int MaxPageBytes = ProtocolLimits.MaxFrameBytes - 4096;

    // A timeline has other events too; reading a few more than the messages that are missing saves round trips.
    private const int Extra = 16;

    /// <summary>Reads a page.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    public async Task<HistoryPage> ReadAsync(ChannelView view, HistoryRange range, CancellationToken cancel)
    {
        var (anchor, limit) = (range.Anchor, range.Limit);
        List<MessagePosted> below = [], above = [];
        switch (range.Side)
        {
            case HistorySide.Newest:
                await FillAsync(below, view, 1, view.Head, limit, MaxPageBytes, backward: true, cancel);
                break;
            case HistorySide.Before:
                await FillAsync(below, view, 1, Math.Min(anchor - 1, view.Head), limit, MaxPageBytes, backward: true, cancel);
                break;
            case HistorySide.After:
                await FillAsync(
                    above, view, anchor == long.MaxValue ? anchor : anchor + 1, view.Head, limit, MaxPageBytes, backward: false, cancel);
                break;
            case HistorySide.Around:
                await FillAsync(above, view, anchor, view.Head, limit - limit / 2, MaxPageBytes / 2, backward: false, cancel);
                await FillAsync(below, view, 1, Math.Min(anchor - 1, view.Head), limit / 2, MaxPageBytes / 2, backward: true, cancel);
                break;
        }

        below.Reverse();
        var nearest = below.Count;
        below.AddRange(above);
        if (below.Count > 0)
        {
            var page = Trim(await FoldAsync(view.Id, below, cancel), nearest);
            return new HistoryPage(page, HasBefore: page[0].Posted.N > 1, HasAfter: page[^1].Posted.N < view.N);
        }

        // Nothing on the side that was asked for: whatever there is lies on the other.
        var any = view.N > 0;
        return new HistoryPage([], any && range.Side == HistorySide.After, any && range.Side == HistorySide.Before);
    }

    private async Task<IReadOnlyList<FoldedMessage>> FoldAsync(ChannelId channel, List<MessagePosted> page, CancellationToken cancel) =>
        FoldedMessage.Of(page, await timeline.ReadAnnotationsAsync(channel, page[0].Id, page[^1].Id, cancel));

    // Folded, a message may be larger than it was posted. What lies farthest from the anchor gives way.
    private static IReadOnlyList<FoldedMessage> Trim(IReadOnlyList<FoldedMessage> page, int nearest)
    {
        var bytes = page.Sum(WireSize.Of);
        var (first, last) = (0, page.Count - 1);
        while (bytes > MaxPageBytes && first < last)
        {
            bytes -= WireSize.Of(nearest - first > last - nearest ? page[first++] : page[last--]);
        }

        return first == 0 && last == page.Count - 1 ? page : [.. page.Skip(first).Take(last - first + 1)];
    }

    private async Task FillAsync(
        List<MessagePosted> page, ChannelView view, long from, long to, int limit, int bytes, bool backward, CancellationToken cancel)
    {
        while (page.Count < limit && from <= to)
        {
            var wanted = limit - page.Count + Extra;
            var events = await timeline.ReadAsync(view.Id, from, to, wanted, backward, cancel);
            foreach (var message in events.OfType<MessagePosted>())
            {
                bytes -= WireSize.Of(message);
                if (page.Count == limit || bytes < 0 && page.Count > 0)
                {
                    return;
                }

                page.Add(message);
            }

            if (events.Count < wanted)
            {
                return;
            }

            (from, to) = backward ? (from, events[^1].Id - 1) : (events[^1].Id + 1, to);
        }
    }
}
