using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Cursor moves of a user that the store doesn't have yet: of the devices, and of the user's read cursor, which is kept as that of a device
/// called <see cref="Reader"/>. Devices move their cursors with every burst of events; they are
/// merged here by maximum and written a second later in one go. What a crash loses makes the device get some events again, never miss any.
/// <para>
/// A cursor that is ahead of its user's position (see <see cref="ChannelPosition.Plausible"/>) waits for its event: stored before that, it
/// would make the device miss whatever else takes that id.
/// </para>
/// </summary>
internal sealed class DeviceCursors
{
    /// <summary>Stands for the user who reads, on whatever device.</summary>
    public static readonly DeviceId Reader = new("read");

    private CursorMap _early;
    private CursorMap _moved;
    private CursorMap _saving;

    /// <summary>A save is under way.</summary>
    public bool IsSaving { get; private set; }

    /// <summary>There is something to save. What waits for its event doesn't count.</summary>
    public bool HasUnsaved => !_moved.IsEmpty || IsSaving;

    /// <summary>A device says that it has everything up to an id. True if that is to be saved.</summary>
    public bool Move(DeviceId device, ChannelId channel, long id, ChannelPosition position)
    {
        if (id <= position.Head)
        {
            _moved.Raise(device, channel, id);
            return true;
        }

        if (id == position.Plausible(id))
        {
            _early.Raise(device, channel, id);
        }

        return false;
    }

    /// <summary>The position has advanced: what it has caught up with is a move now. True if there is something to save.</summary>
    public bool Settle(ChannelId channel, ChannelPosition position)
    {
        if (_early.IsEmpty)
        {
            return false; // so it is with almost every event
        }

        var reached = _early.All.Where(early => early.Channel == channel && early.Id <= position.Head).ToArray();
        foreach (var cursor in reached)
        {
            _early.Remove(cursor.Device, channel);
            _moved.Raise(cursor.Device, channel, cursor.Id);
        }

        return reached.Length > 0;
    }

    /// <summary>The moves of one device that the store doesn't have yet.</summary>
    public IReadOnlyDictionary<ChannelId, long> Unsaved(DeviceId device) =>
        _moved.All.Concat(_saving.All).Where(cursor => cursor.Device == device).GroupBy(cursor => cursor.Channel)
            .ToDictionary(moves => moves.Key, moves => moves.Max(move => move.Id));

    /// <summary>All moves that the store may not have, those that wait for their events included. In no order, some of them twice.</summary>
    public IEnumerable<DeviceCursor> All => _early.All.Concat(_moved.All).Concat(_saving.All);

    /// <summary>The highest id in a channel that the store doesn't have yet; 0 if there is none.</summary>
    public long Highest(ChannelId channel) =>
        _moved.All.Concat(_saving.All).Where(cursor => cursor.Channel == channel).Select(cursor => cursor.Id).DefaultIfEmpty().Max();

    /// <summary>Where an attaching device resumes. A cursor that it gives itself makes void what it had moved before.</summary>
    /// <param name="loaded">What was gathered when it attached; it may have moved since.</param>
    /// <param name="channel">One of the user's channels.</param>
    /// <param name="joinedAfter">Where a device begins that never moved its cursor.</param>
    public long ResumeAt(LoadedCursors loaded, ChannelId channel, long joinedAfter)
    {
        var device = loaded.Device;
        if (loaded.Given is { } given && given.TryGetValue(channel, out var own))
        {
            _moved.Remove(device, channel);
            _saving.Remove(device, channel);
            return Math.Max(0, own);
        }

        var known = Math.Max(loaded.Stored.GetValueOrDefault(channel), loaded.Unsaved.GetValueOrDefault(channel));
        var moved = Math.Max(_early[device, channel], Math.Max(_moved[device, channel], _saving[device, channel]));
        return Math.Max(joinedAfter, Math.Max(known, moved));
    }

    /// <summary>Takes all moves for one save; only when none is under way.</summary>
    public IReadOnlyCollection<DeviceCursor> TakeForSaving()
    {
        (_saving, _moved, IsSaving) = (_moved, default, true);
        return [.. _saving.All];
    }

    public void Saved() => (_saving, IsSaving) = (default, false);

    /// <summary>The save failed: its moves are due again, unless a later one covers them.</summary>
    public void NotSaved()
    {
        foreach (var cursor in _saving.All)
        {
            _moved.Raise(cursor.Device, cursor.Channel, cursor.Id);
        }

        Saved();
    }
}
