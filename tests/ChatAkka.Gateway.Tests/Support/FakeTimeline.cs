using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>Timelines in memory.</summary>
internal sealed class FakeTimeline : ITimelineReader
{
    public Dictionary<ChannelId, List<ChannelEvent>> Events { get; } = [];

    /// <summary>The store doesn't answer.</summary>
    public bool Fails { get; set; }

    /// <summary>How often a range was read.</summary>
    public int Reads { get; private set; }

    public Task<IReadOnlyList<ChannelEvent>> ReadAsync(
        ChannelId channel, long from, long to, int limit, bool backward, CancellationToken cancel)
    {
        Reads++;
        if (Fails)
        {
            return Task.FromException<IReadOnlyList<ChannelEvent>>(new StorageUnavailableException("off"));
        }

        var range = Events.GetValueOrDefault(channel, []).Where(e => e.Id >= from && e.Id <= to);
        return Task.FromResult<IReadOnlyList<ChannelEvent>>([.. (backward ? range.Reverse() : range).Take(limit)]);
    }

    public Task<IReadOnlyList<Annotation>> ReadAnnotationsAsync(ChannelId channel, long from, long to, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Annotation>>(
        [
            .. Events.GetValueOrDefault(channel, []).OfType<Annotation>().Where(a => a.Target >= from && a.Target <= to)
                .GroupBy(a => (a.Target, a.Slot)).Select(slot => slot.Last()),
        ]);

    public Task<IReadOnlyDictionary<ChannelId, ChannelEvent>> HeadsAsync(
        IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<ChannelId, ChannelEvent>>(
            channels.Where(Events.ContainsKey).ToDictionary(channel => channel, channel => Events[channel][^1]));
}
