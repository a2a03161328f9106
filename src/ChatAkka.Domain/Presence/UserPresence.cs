using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Presence;

/// <summary>One device of a user who is, or was a moment ago, connected.</summary>
/// <param name="Sockets">How many it has open; for a moment two, when it connects again.</param>
/// <param name="LastFrameAt">When its last frame came, in ms since the Unix epoch; while it has a socket open, when that was
/// opened.</param>
public readonly record struct DevicePresence(DeviceId Device, int Sockets, long LastFrameAt);

/// <summary>
/// Whether a user is there. A device counts as long as it has a socket, and for a while after its last frame: a phone in a tunnel isn't
/// away. The user is online as long as one device counts. Immutable; a device without a socket is kept until it doesn't count any more.
/// </summary>
/// <param name="Devices">Those that count, or did when somebody last looked.</param>
/// <param name="LastActiveAt">When the last frame came from any device, as far as is known, in ms since the Unix epoch.</param>
public readonly record struct UserPresence(ImmutableArray<DevicePresence> Devices, long LastActiveAt)
{
    /// <summary>Nobody is there, and it isn't known when somebody was.</summary>
    public static readonly UserPresence Away = new([], 0);

    /// <summary>A device has opened a socket.</summary>
    public UserPresence Connected(DeviceId device, long now)
    {
        var known = Find(device);
        return With(known with { Device = device, Sockets = known.Sockets + 1, LastFrameAt = now }, now);
    }

    /// <summary>A socket of a device has closed; the last frame over it came at <paramref name="lastFrameAt"/>. Nothing happens if the
    /// device has been forgotten.</summary>
    public UserPresence Disconnected(DeviceId device, long lastFrameAt)
    {
        var known = Find(device);
        return known.Sockets == 0
            ? this
            : With(known with { Sockets = known.Sockets - 1, LastFrameAt = Math.Max(known.LastFrameAt, lastFrameAt) }, lastFrameAt);
    }

    /// <summary>The device says that it goes, or was sent away: it doesn't count from now on, whatever sockets are still closing.</summary>
    public UserPresence LoggedOut(DeviceId device, long now) =>
        Find(device).Device == device ? new(Devices.RemoveAll(d => d.Device == device), Math.Max(LastActiveAt, now)) : this;

    /// <summary>Forgets the devices that don't count any more.</summary>
    /// <param name="timeoutMs">How long after its last frame a device without a socket counts.</param>
    public UserPresence At(long now, long timeoutMs)
    {
        var counting = Devices.RemoveAll(device => device.Sockets == 0 && now - device.LastFrameAt >= timeoutMs);
        return counting.Length == Devices.Length ? this : this with { Devices = counting };
    }

    /// <summary>A device counts. Ask <see cref="At"/> first if time has passed.</summary>
    public bool IsOnline => !Devices.IsEmpty;

    /// <summary>A device has a socket open.</summary>
    public bool HasSocket => Devices.Any(static device => device.Sockets > 0);

    /// <summary>When a device without a socket stops counting next; null if there is none.</summary>
    public long? NextTimeout(long timeoutMs)
    {
        long? next = null;
        foreach (var device in Devices)
        {
            if (device.Sockets == 0)
            {
                next = Math.Min(next ?? long.MaxValue, device.LastFrameAt + timeoutMs);
            }
        }

        return next;
    }

    private DevicePresence Find(DeviceId device)
    {
        foreach (var known in Devices)
        {
            if (known.Device == device)
            {
                return known;
            }
        }

        return default;
    }

    private UserPresence With(DevicePresence changed, long activeAt) =>
        new([.. Devices.Where(device => device.Device != changed.Device), changed], Math.Max(LastActiveAt, activeAt));
}
