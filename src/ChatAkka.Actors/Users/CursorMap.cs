using System.Runtime.InteropServices;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Cursors by device and channel, merged by maximum. A mutable structure, to be held in one field: it has no memory while it is empty,
/// which it is for almost every user at almost every time.
/// </summary>
internal struct CursorMap
{
    private Dictionary<(DeviceId Device, ChannelId Channel), long>? _ids;

    public readonly bool IsEmpty => _ids is null;

    /// <summary>All of them, in no order. Not to be enumerated while the map changes.</summary>
    public readonly IEnumerable<DeviceCursor> All =>
        _ids?.Select(cursor => new DeviceCursor(cursor.Key.Device, cursor.Key.Channel, cursor.Value)) ?? [];

    /// <summary>A device's cursor in a channel; 0 if there is none.</summary>
    public readonly long this[DeviceId device, ChannelId channel] => _ids?.GetValueOrDefault((device, channel)) ?? 0;

    public void Raise(DeviceId device, ChannelId channel, long id)
    {
        ref var highest = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids ??= [], (device, channel), out _);
        highest = Math.Max(highest, id);
    }

    public void Remove(DeviceId device, ChannelId channel)
    {
        _ids?.Remove((device, channel));
        if (_ids?.Count == 0)
        {
            _ids = null;
        }
    }
}
