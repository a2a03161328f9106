using System.Collections.ObjectModel;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Storage.InMemory;

/// <summary>The cursors of each device.</summary>
internal sealed class CursorData : TwoKeyDictionary<DeviceId, ChannelId, long>;

/// <summary>Device cursors of a store in memory.</summary>
internal sealed class InMemoryCursors(InMemoryStore store, CursorData data) : ICursorStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device, CancellationToken cancel) =>
        store.UseAsync<CursorData, IReadOnlyDictionary<ChannelId, long>>(
            data,
            cursors => cursors.TryGetValue(device, out var ofDevice)
                ? new Dictionary<ChannelId, long>(ofDevice)
                : ReadOnlyDictionary<ChannelId, long>.Empty,
            cancel);

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<DeviceCursor> cursors, bool overwrite, CancellationToken cancel) => store.UseAsync(
        data,
        stored =>
        {
            foreach (var cursor in cursors)
            {
                var ofDevice = stored.GetOrAdd(cursor.Device);
                ofDevice[cursor.Channel] = overwrite
                    ? cursor.Id
                    : Math.Max(cursor.Id, ofDevice.GetValueOrDefault(cursor.Channel, long.MinValue));
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task ForgetAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) => store.UseAsync(
        data,
        cursors =>
        {
            foreach (var channel in channels)
            {
                cursors.GetValueOrDefault(device)?.Remove(channel);
            }
        },
        cancel);
}
