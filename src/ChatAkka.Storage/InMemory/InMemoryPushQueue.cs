using ChatAkka.Domain.Push;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Push;

namespace ChatAkka.Storage.InMemory;

/// <summary>The pushes of a store in memory as a node sends them.</summary>
internal sealed class InMemoryPushQueue(InMemoryStore store, OutboxData data, NodeLease node) : IPushQueue
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingPush>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel) =>
        store.UseAsync<OutboxData, IReadOnlyList<PendingPush>>(
            data,
            outbox =>
            {
                OutboxRow[] due =
                [
                    .. outbox.Rows.Values.Where(row => row.DueAt <= now && row.ClaimedUntil <= now)
                        .OrderBy(row => row.DueAt).ThenBy(row => row.Push.Id).Take(limit),
                ];
                foreach (var row in due)
                {
                    outbox.Rows[row.Push.Id] = row with { ClaimedBy = node.Holder, ClaimedUntil = until };
                }

                return Array.ConvertAll(due, row => row.Push);
            },
            cancel);

    /// <inheritdoc/>
    public Task<long?> NextDueAsync(long now, CancellationToken cancel) =>
        store.UseAsync(data, outbox => outbox.Rows.Values.Where(row => row.DueAt > now).Min(row => row.DueAt), cancel);

    /// <inheritdoc/>
    public Task ReleaseAsync(long id, CancellationToken cancel) => ChangeAsync(id, row => row, cancel);

    /// <inheritdoc/>
    public Task SentAsync(long id, CancellationToken cancel) => store.UseAsync(
        data,
        outbox =>
        {
            if (outbox.Rows.TryGetValue(id, out var row))
            {
                outbox.Rows[id] = new OutboxRow(row.Push, DueAt: null);
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) =>
        ChangeAsync(id, row => new OutboxRow(Failed(row.Push), nextAttemptAt), cancel);

    /// <inheritdoc/>
    public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) => ChangeAsync(
        id,
        row =>
        {
            var push = Failed(row.Push);
            data.DeadLetters.Enqueue(new DeadLetter(id, push.User, push.Channel, push.MessageId, push.At, push.Attempts, reason, at));
            if (data.DeadLetters.Count > DeadLetter.Kept)
            {
                data.DeadLetters.Dequeue();
            }

            return new OutboxRow(push, DueAt: null);
        },
        cancel);

    private static PendingPush Failed(PendingPush push) => push with { Attempts = push.Attempts + 1 };

    /// <summary>Changes a push that this node has claimed, and ends the claim.</summary>
    private Task ChangeAsync(long id, Func<OutboxRow, OutboxRow> change, CancellationToken cancel) => store.UseAsync(
        data,
        outbox =>
        {
            if (outbox.Rows.TryGetValue(id, out var row) && row.ClaimedBy == node.Holder)
            {
                outbox.Rows[id] = change(row) with { ClaimedBy = null, ClaimedUntil = 0 };
            }
        },
        cancel);
}
