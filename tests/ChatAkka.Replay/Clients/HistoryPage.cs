using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>Reads the messages of a history page, whether it came over HTTP or the WebSocket.</summary>
internal static class HistoryPage
{
    /// <param name="items">The array <c>messages</c>, unparsed.</param>
    public static List<TimelineEvent> Read(ReadOnlySpan<byte> items, TimelinePool pool)
    {
        var page = new List<TimelineEvent>();
        while (ServerFrame.TryTakeItem(ref items, out var item))
        {
            // Nothing but messages is in a history, so it needn't say the type.
            page.Add(pool.Intern(item.Id, item.N, item.From, "message"u8, item.Text));
        }

        return page;
    }
}
