using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Timelines;

/// <summary>
/// Which channels have events that some member may not have heard of. A channel is entered together with its events, in one commit, so that
/// no crash between commit and delivery can strand a message; it is taken out when every member has acknowledged. What one node enters,
/// another may take out: a channel moves between them.
/// </summary>
public interface IDeliveryLog
{
    /// <summary>Every member has acknowledged everything up to <paramref name="head"/>. Does nothing if there is more by now.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task SettledAsync(ChannelId channel, long head, CancellationToken cancel);

    /// <summary>
    /// Channels that aren't settled and that nobody has entered or taken up since <paramref name="before"/>, at most
    /// <paramref name="limit"/>; they count as taken up at <paramref name="now"/>, so that of several who ask one gets each. They stay until
    /// they are settled. Times are in ms since the Unix epoch.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<ChannelId>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel);
}
