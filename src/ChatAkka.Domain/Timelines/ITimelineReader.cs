using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Timelines;

/// <summary>Reads committed timelines, beside the channel actor that writes them.</summary>
public interface ITimelineReader
{
    /// <summary>
    /// Events of <paramref name="channel"/> with ids in [<paramref name="from"/>, <paramref name="to"/>], at most
    /// <paramref name="limit"/> of them: the lowest ones ascending, or with <paramref name="backward"/> the highest ones descending.
    /// Empty for a channel that has none.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<ChannelEvent>> ReadAsync(ChannelId channel, long from, long to, int limit, bool backward, CancellationToken cancel);

    /// <summary>
    /// What counts of the annotations of the messages with ids in [<paramref name="from"/>, <paramref name="to"/>]: the newest of each
    /// slot, in any order. One range read, however many there ever were and wherever they are in the timeline.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<Annotation>> ReadAnnotationsAsync(ChannelId channel, long from, long to, CancellationToken cancel);

    /// <summary>The newest event of each channel that has one.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyDictionary<ChannelId, ChannelEvent>> HeadsAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken cancel);
}
