using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Timelines;

/// <summary>
/// Which channels have events that some member may not have heard of. A channel is entered together with its events, in one commit, so that no crash
/// between commit and delivery can strand a message; it is taken out when every member has acknowledged.
/// </summary>
public interface IDeliveryLog
{
    /// <summary>Every member has acknowledged everything up to <paramref name="head"/>. Does nothing if there is more by now.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task SettledAsync(ChannelId channel, long head, CancellationToken cancel);

    /// <summary>The channels that aren't settled, as they are at the time of the call.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<ChannelId>> ListAsync(CancellationToken cancel);
}
