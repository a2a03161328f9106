using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Serialization;

/// <summary>The delivery log over any store's table of persistence ids.</summary>
public sealed class DeliveryLog(IUndeliveredTable table) : IDeliveryLog
{
    public Task SettledAsync(ChannelId channel, long head, CancellationToken cancel) =>
        table.SettledAsync(TimelineReader.PersistenceId(channel), head, cancel);

    public async Task<IReadOnlyList<ChannelId>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel) =>
        [.. (await table.TakeUpAsync(before, now, limit, cancel).ConfigureAwait(false)).Select(TimelineReader.ChannelOf)];
}
