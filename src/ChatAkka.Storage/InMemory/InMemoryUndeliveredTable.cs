using ChatAkka.Domain.Timelines;

namespace ChatAkka.Storage.InMemory;

/// <summary>The undelivered timelines of a store in memory.</summary>
internal sealed class InMemoryUndeliveredTable(InMemoryStore store, EventData data) : IUndeliveredTable
{
    /// <inheritdoc/>
    public Task SettledAsync(string persistenceId, long head, CancellationToken cancel) => store.UseAsync(
        data,
        events =>
        {
            if (events.Undelivered.TryGetValue(persistenceId, out var undelivered) && undelivered.Head <= head)
            {
                events.Undelivered.Remove(persistenceId);
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel) =>
        store.UseAsync<EventData, IReadOnlyList<string>>(
            data,
            events =>
            {
                string[] found =
                [
                    .. events.Undelivered.Where(entry => entry.Value.At <= before)
                        .OrderBy(entry => entry.Value.At).Take(limit).Select(entry => entry.Key),
                ];
                foreach (var id in found)
                {
                    events.Undelivered[id] = events.Undelivered[id] with { At = now };
                }

                return found;
            },
            cancel);
}
