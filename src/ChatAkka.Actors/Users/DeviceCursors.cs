using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Cursor moves of a user's devices that the store doesn't have yet. Devices move their cursors with every burst of events; they are
/// merged here by maximum and written a second later in one go. What a crash loses makes the device get some events again, never miss any.
/// </summary>
internal sealed class DeviceCursors
{
    private Dictionary<(DeviceId Device, ChannelId Channel), long> _moved = [];
    private Dictionary<(DeviceId Device, ChannelId Channel), long> _saving = [];

    public bool IsSaving => _saving.Count > 0;

    public bool IsEmpty => _moved.Count == 0 && _saving.Count == 0;

    public void Move(DeviceId device, ChannelId channel, long id)
    {
        ref var moved = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_moved, (device, channel), out _);
        moved = Math.Max(moved, id);
    }

    /// <summary>What the store said, overlaid with what it doesn't have yet.</summary>
    public long Latest(DeviceId device, ChannelId channel, long stored) =>
        Math.Max(stored, Math.Max(_moved.GetValueOrDefault((device, channel)), _saving.GetValueOrDefault((device, channel))));

    /// <summary>The moves of one device that the store doesn't have yet, to be kept while it is read: they may be saved, and forgotten here, meanwhile.</summary>
    public Dictionary<ChannelId, long> Of(DeviceId device) =>
        _moved.Keys.Concat(_saving.Keys).Where(key => key.Device == device).Select(key => key.Channel).Distinct()
            .ToDictionary(channel => channel, channel => Latest(device, channel, 0));

    /// <summary>The device set its cursor itself; what it had moved before is void.</summary>
    public void Forget(DeviceId device, ChannelId channel)
    {
        _moved.Remove((device, channel));
        _saving.Remove((device, channel));
    }

    /// <summary>Takes all moves for one save; only when none is under way.</summary>
    public IReadOnlyCollection<DeviceCursor> TakeForSaving()
    {
        (_saving, _moved) = (_moved, _saving);
        var cursors = new DeviceCursor[_saving.Count];
        var at = 0;
        foreach (var ((device, channel), id) in _saving)
        {
            cursors[at++] = new DeviceCursor(device, channel, id);
        }

        return cursors;
    }

    public void Saved() => _saving.Clear();

    /// <summary>The save failed: its moves are due again, unless a later one covers them.</summary>
    public void NotSaved()
    {
        foreach (var ((device, channel), id) in _saving)
        {
            Move(device, channel, id);
        }

        _saving.Clear();
    }
}
