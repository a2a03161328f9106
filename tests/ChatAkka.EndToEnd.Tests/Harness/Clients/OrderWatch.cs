using System.Text.Json;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>
/// What every client can prove for itself (P2, P4): the events of a channel ascend, none comes twice, none is missing but for those that
/// the socket's own <c>ok</c>s stand for.
/// </summary>
internal static class OrderWatch
{
    /// <param name="own">Refs of the sends of this socket.</param>
    /// <param name="unanswered">Sends whose ok hasn't come; an id missing may be theirs.</param>
    /// <param name="isCut">The connection broke: events that an ok had overtaken can't come any more, but none below another event may be
    /// missing.</param>
    public static void Check(IReadOnlyList<Frame> frames, IReadOnlySet<string> own, int unanswered, bool isCut)
    {
        Dictionary<string, Seen> channels = [];
        foreach (var frame in frames)
        {
            switch (frame.Op)
            {
                case "sync":
                    var synced = frame.Json.Member("channel");
                    var seen = Find(synced.String("id"));
                    foreach (var e in frame.Json.Array("events"))
                    {
                        seen.Event(e);
                    }

                    if (frame.Json.Bool("more"))
                    {
                        seen.SkipTo(synced.Id("head"));
                    }

                    break;
                case "event":
                    Find(frame.Json.String("channel")).Event(frame.Json);
                    break;
                case "channel" when frame.Json.Has("removed"):
                    channels.Remove(frame.Json.String("removed"));
                    break;
                case "ok" when frame.Ref is { } reference && own.Contains(reference):
                    Find(frame.Json.String("channel")).Own(frame.Id, frame.Json.Has("duplicate"));
                    break;
            }
        }

        foreach (var (channel, seen) in channels)
        {
            var missing = seen.Missing(isCut);
            missing.Count.ShouldBeLessThanOrEqualTo(unanswered, $"ids {string.Join(", ", missing)} of channel {channel} are missing");
        }

        Seen Find(string channel) => channels.TryGetValue(channel, out var seen) ? seen : channels[channel] = new Seen(channel);
    }

    private sealed class Seen(string channel)
    {
        private readonly HashSet<long> _events = [];
        private readonly HashSet<long> _own = [];
        private long _last;

        public void Event(JsonElement e)
        {
            var id = e.Id();
            id.ShouldBeGreaterThan(_last, $"events of channel {channel} don't ascend");
            _own.ShouldNotContain(id, $"an event of channel {channel} came although its ok had come");
            _events.Add(id);
            _last = id;
        }

        // Of a duplicate the event may have passed before, on an earlier connection or on this one.
        public void Own(long id, bool isDuplicate)
        {
            if (!isDuplicate)
            {
                _events.ShouldNotContain(id, $"an ok of channel {channel} came although its event had come");
                _own.Add(id).ShouldBeTrue($"two oks of channel {channel} have the id {id}");
            }
        }

        // What lies between is paged by the client.
        public void SkipTo(long id)
        {
            for (; _last < id; _last++)
            {
                _events.Add(_last + 1);
            }
        }

        public List<long> Missing(bool isCut)
        {
            var all = new SortedSet<long>(_events);
            all.UnionWith(_own);
            List<long> missing = [];
            var end = isCut ? _last : all.Max;
            for (var id = all.Min; id < end; id++)
            {
                if (!all.Contains(id))
                {
                    missing.Add(id);
                }
            }

            return missing;
        }
    }
}
