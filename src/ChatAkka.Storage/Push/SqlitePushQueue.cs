using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Push;

/// <summary>The pushes of the embedded store as a node sends them.</summary>
internal sealed class SqlitePushQueue(SqliteStore store, NodeLease node) : IPushQueue
{
    // A sub-query rather than a join: the rows must come in the order of the index, unsorted, however many are due.
    internal const string Due =
        """
        SELECT id, (SELECT value FROM push_origin), user_id, channel_id, message_id, at, attempts FROM push_outbox
        WHERE next_attempt_at <= ?1 AND (claimed_until IS NULL OR claimed_until <= ?1) ORDER BY next_attempt_at, id LIMIT ?2
        """;

    private const string Claim = "UPDATE push_outbox SET claimed_by = ?2, claimed_until = ?3 WHERE id = ?1";

    private const string NextDue =
        "SELECT next_attempt_at FROM push_outbox WHERE next_attempt_at > ?1 ORDER BY next_attempt_at LIMIT 1";

    private const string Release = "UPDATE push_outbox SET claimed_by = NULL, claimed_until = NULL WHERE id = ?1 AND claimed_by = ?2";

    private const string Sent =
        """
        UPDATE push_outbox SET next_attempt_at = NULL, reason = NULL, claimed_by = NULL, claimed_until = NULL
        WHERE id = ?1 AND next_attempt_at IS NOT NULL
        """;

    private const string Retry =
        """
        UPDATE push_outbox SET attempts = attempts + 1, next_attempt_at = ?3, reason = ?4, claimed_by = NULL, claimed_until = NULL
        WHERE id = ?1 AND claimed_by = ?2
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PendingPush>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel) =>
        // Mostly nothing is due, and to find that costs the writer nothing.
        (await store.ReadAsync(session => ReadDue(session, now, 1), cancel).ConfigureAwait(false)).Count == 0
            ? []
            : await store.WriteAsync(session => ClaimDue(session, now, until, limit), cancel).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<long?> NextDueAsync(long now, CancellationToken cancel) => store.ReadAsync<long?>(
        session =>
        {
            var select = session.Prepare(NextDue);
            try
            {
                select.Bind(1, now);
                return select.Step() ? select.Int64(0) : null;
            }
            finally
            {
                select.Reset();
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task ReleaseAsync(long id, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            var release = session.Prepare(Release);
            release.Bind(2, node.Holder);
            return OutboxRows.Execute(release, id);
        },
        cancel);

    /// <inheritdoc/>
    public Task SentAsync(long id, CancellationToken cancel) =>
        store.WriteAsync(session => OutboxRows.Execute(session.Prepare(Sent), id), cancel);

    /// <inheritdoc/>
    public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            var update = session.Prepare(Retry);
            update.Bind(2, node.Holder);
            update.Bind(3, nextAttemptAt);
            update.Bind(4, reason);
            return OutboxRows.Execute(update, id);
        },
        cancel);

    /// <inheritdoc/>
    public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) =>
        store.WriteAsync(session => OutboxRows.Bury(session, id, node.Holder, reason, at), cancel);

    private IReadOnlyList<PendingPush> ClaimDue(SqliteSession session, long now, long until, int limit)
    {
        var due = ReadDue(session, now, limit);
        var claim = session.Prepare(Claim);
        claim.Bind(2, node.Holder);
        claim.Bind(3, until);
        foreach (var push in due)
        {
            OutboxRows.Execute(claim, push.Id);
        }

        return due;
    }

    private static IReadOnlyList<PendingPush> ReadDue(SqliteSession session, long now, int limit)
    {
        var select = session.Prepare(Due);
        try
        {
            select.Bind(1, now);
            select.Bind(2, limit);
            List<PendingPush> due = [];
            while (select.Step())
            {
                var id = select.Int64(0);
                var delivery = DeliveryName.Of(select.Text(1), id);
                var (user, channel) = (StoredId.User(select.Int64(2)), new ChannelId(select.Text(3)));
                due.Add(new PendingPush(id, delivery, user, channel, select.Int64(4), select.Int64(5), (int)select.Int64(6)));
            }

            return due;
        }
        finally
        {
            select.Reset();
        }
    }
}
