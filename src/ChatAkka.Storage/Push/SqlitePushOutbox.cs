using System.Collections.Frozen;
using System.Globalization;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Push;

/// <summary>The push outbox in the embedded store. On prepared statements: rows come at the rate of messages to users who are away, and
/// every return of a user clears some.</summary>
public sealed class SqlitePushOutbox(SqliteStore store) : IPushOutbox
{
    /// <summary>Dead letters that are kept; the oldest go first.</summary>
    public const int DeadLetters = 10_000;

    private const string Channels = "SELECT channel_id FROM push_outbox WHERE user_id = ?1";
    private const string Clear = "DELETE FROM push_outbox WHERE user_id = ?1";

    // A sub-query rather than a join: the rows must come in the order of the index, unsorted, however many are due.
    internal const string Due =
        """
        SELECT id, (SELECT value FROM push_origin), user_id, channel_id, message_id, at, attempts FROM push_outbox
        WHERE next_attempt_at <= ?1 ORDER BY next_attempt_at, id LIMIT ?2
        """;

    private const string NextDue =
        "SELECT next_attempt_at FROM push_outbox WHERE next_attempt_at > ?1 ORDER BY next_attempt_at LIMIT 1";

    private const string Sent =
        "UPDATE push_outbox SET next_attempt_at = NULL, reason = NULL WHERE id = ?1 AND next_attempt_at IS NOT NULL";

    private const string Retry =
        """
        UPDATE push_outbox SET attempts = attempts + 1, next_attempt_at = ?2, reason = ?3 WHERE id = ?1 AND next_attempt_at IS NOT NULL
        """;

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel)
    {
        if (requests.Count == 0)
        {
            return Task.CompletedTask;
        }

        // A copy: the caller may go on with its collection, the writer thread may come back to this one.
        var copy = requests.ToArray();
        return store.WriteAsync(session => OutboxRows.Add(session, copy), cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.ReadAsync(session => ReadChannels(session, id), cancel);
    }

    /// <inheritdoc/>
    public Task ClearAsync(UserId user, CancellationToken cancel)
    {
        // Never asked first whether there are any: a row whose write still waits would be missed. To delete nothing costs no sync.
        var id = StoredId.Of(user);
        return store.WriteAsync(session => OutboxRows.Execute(session.Prepare(Clear), id), cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingPush>> TakeDueAsync(long now, int limit, CancellationToken cancel) =>
        store.ReadAsync(session => ReadDue(session, now, limit), cancel);

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
    public Task SentAsync(long id, CancellationToken cancel) =>
        store.WriteAsync(session => OutboxRows.Execute(session.Prepare(Sent), id), cancel);

    /// <inheritdoc/>
    public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) => store.WriteAsync(
        session =>
        {
            var update = session.Prepare(Retry);
            update.Bind(2, nextAttemptAt);
            update.Bind(3, reason);
            return OutboxRows.Execute(update, id);
        },
        cancel);

    /// <inheritdoc/>
    public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) =>
        store.WriteAsync(session => OutboxRows.Bury(session, id, reason, at), cancel);

    private static IReadOnlySet<ChannelId> ReadChannels(SqliteSession session, long user)
    {
        var select = session.Prepare(Channels);
        try
        {
            select.Bind(1, user);
            HashSet<ChannelId>? channels = null;
            while (select.Step())
            {
                (channels ??= []).Add(new ChannelId(select.Text(0)));
            }

            return channels ?? (IReadOnlySet<ChannelId>)FrozenSet<ChannelId>.Empty;
        }
        finally
        {
            select.Reset();
        }
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
                var delivery = string.Create(CultureInfo.InvariantCulture, $"{select.Text(1)}-{id}");
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
