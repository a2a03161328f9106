using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Users;

/// <summary>How far a device says it has got in a channel.</summary>
public readonly record struct DeviceCursor(DeviceId Device, ChannelId Channel, long Id);

/// <summary>Device cursors. Merged by maximum, unless a device sets them back itself.</summary>
public interface ICursorStore
{
    /// <summary>All cursors of a device.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device, CancellationToken cancel);

    /// <summary>Stores cursors; each becomes the maximum of what is stored and what is given, or exactly what is given with
    /// <paramref name="overwrite"/>.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer; nothing was stored.</exception>
    Task SaveAsync(IReadOnlyCollection<DeviceCursor> cursors, bool overwrite, CancellationToken cancel);

    /// <summary>Forgets a device's cursors in channels that aren't its user's any more.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer; nothing was forgotten.</exception>
    Task ForgetAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels, CancellationToken cancel);
}
