using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>What is known of the cursors of a device that attaches.</summary>
/// <param name="Device">The device.</param>
/// <param name="Given">What it said itself; overrides all else in the channels that it names.</param>
/// <param name="Unsaved">
/// What it had moved and the store didn't have when it was asked. Kept beside <paramref name="Stored"/>, because it may be saved, and so
/// leave <see cref="DeviceCursors"/>, while the answer that lacks it is on its way.
/// </param>
/// <param name="Stored">What the store said.</param>
/// <param name="Receipts">How far the user is, over all devices.</param>
internal sealed record LoadedCursors(
    DeviceId Device,
    IReadOnlyDictionary<ChannelId, long>? Given,
    IReadOnlyDictionary<ChannelId, long> Unsaved,
    IReadOnlyDictionary<ChannelId, long> Stored,
    IReadOnlyList<Receipt> Receipts);

/// <summary>Reads and initialises the stored cursors of a device. Runs beside the user actor and touches nothing of it.</summary>
internal sealed class StoredCursors(UserServices services)
{
    /// <summary>Stores the cursors that the device gives itself, then reads all, with the heads of the channels.</summary>
    /// <returns>The cursors, and the newest event of each channel that has one.</returns>
    public async Task<(LoadedCursors Cursors, IReadOnlyDictionary<ChannelId, ChannelEvent> Heads)> LoadAsync(
        AttachSession attach, IReadOnlyDictionary<ChannelId, long> unsaved, IReadOnlyCollection<ChannelId> channels)
    {
        var positions = ReadPositionsAsync(attach.User, channels);
        if (attach.Cursors is { Count: > 0 } given)
        {
            // Only of the user's channels, and none beyond the head: it would make the device miss what comes.
            var (known, _) = await positions.ConfigureAwait(false);
            var cursors = given.Where(cursor => known.ContainsKey(cursor.Key))
                .Select(cursor => new DeviceCursor(attach.Device, cursor.Key, Math.Clamp(cursor.Value, 0, known[cursor.Key].Id)));
            await services.Cursors.SaveAsync([.. cursors], overwrite: true, CancellationToken.None).ConfigureAwait(false);
        }

        var stored = services.Cursors.LoadAsync(attach.Device, CancellationToken.None);
        await Task.WhenAll(positions, stored).ConfigureAwait(false);
        var (heads, receipts) = await positions.ConfigureAwait(false);
        return (new LoadedCursors(attach.Device, attach.Cursors, unsaved, await stored.ConfigureAwait(false), receipts), heads);
    }

    /// <summary>The newest event of each channel that has one, and how far the user is, over all devices.</summary>
    public async Task<(IReadOnlyDictionary<ChannelId, ChannelEvent> Heads, IReadOnlyList<Receipt> Receipts)> ReadPositionsAsync(
        UserId user, IReadOnlyCollection<ChannelId> channels)
    {
        var heads = services.Timelines.HeadsAsync(channels, CancellationToken.None);
        var receipts = services.Receipts.LoadAsync(user, CancellationToken.None);
        await Task.WhenAll(heads, receipts).ConfigureAwait(false);
        return (await heads.ConfigureAwait(false), await receipts.ConfigureAwait(false));
    }

    /// <summary>A new device: its cursors start at the heads of the channels.</summary>
    public async Task RegisterAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels)
    {
        if (channels.Count > 0)
        {
            var heads = await services.Timelines.HeadsAsync(channels, CancellationToken.None).ConfigureAwait(false);
            var cursors = heads.Select(head => new DeviceCursor(device, head.Key, head.Value.Id));
            await services.Cursors.SaveAsync([.. cursors], overwrite: false, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
