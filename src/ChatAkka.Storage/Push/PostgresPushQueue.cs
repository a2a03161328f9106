using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Push;

/// <summary>The pushes of a PostgreSQL store as a node sends them. Outcomes go through the lane of small writes.</summary>
internal sealed class PostgresPushQueue(PostgresDatabase database, StatementLane writes, NodeLease node) : IPushQueue
{
    // Nobody waits for what another node is just claiming.
    private const string Claim =
        """
        WITH due AS (
          SELECT id, next_attempt_at AS due_at FROM push_outbox
          WHERE next_attempt_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
          ORDER BY next_attempt_at, id LIMIT $3 FOR UPDATE SKIP LOCKED),
        claimed AS (
          UPDATE push_outbox p SET claimed_by = $4, claimed_until = $2 FROM due WHERE p.id = due.id
          RETURNING p.id, p.user_id, p.channel_id, p.message_id, p.at, p.attempts, due.due_at)
        SELECT id, (SELECT value FROM push_origin), user_id, channel_id, message_id, at, attempts FROM claimed ORDER BY due_at, id
        """;

    private const string NextDue = "SELECT next_attempt_at FROM push_outbox WHERE next_attempt_at > $1 ORDER BY next_attempt_at LIMIT 1";

    private const string Release = "UPDATE push_outbox SET claimed_by = NULL, claimed_until = NULL WHERE id = $1 AND claimed_by = $2";

    private const string Sent =
        """
        UPDATE push_outbox SET next_attempt_at = NULL, reason = NULL, claimed_by = NULL, claimed_until = NULL
        WHERE id = $1 AND next_attempt_at IS NOT NULL
        """;

    private const string Retry =
        """
        UPDATE push_outbox SET attempts = attempts + 1, next_attempt_at = $3, reason = $4, claimed_by = NULL, claimed_until = NULL
        WHERE id = $1 AND claimed_by = $2
        """;

    private const string Bury =
        """
        WITH dead AS (
          UPDATE push_outbox SET attempts = attempts + 1, next_attempt_at = NULL, reason = $3, claimed_by = NULL, claimed_until = NULL
          WHERE id = $1 AND claimed_by = $2 RETURNING id, user_id, channel_id, message_id, at, attempts)
        INSERT INTO push_dead_letter (push_id, user_id, channel_id, message_id, at, attempts, reason, dead_at)
        SELECT id, user_id, channel_id, message_id, at, attempts, $3, $4 FROM dead
        """;

    private const string DropOldest =
        "DELETE FROM push_dead_letter WHERE id <= (SELECT id FROM push_dead_letter ORDER BY id DESC OFFSET $1 LIMIT 1)";

    private NpgsqlParameter Me => Parameter.Of(node.Holder);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingPush>> ClaimDueAsync(
        long now, long until, int limit, CancellationToken cancel) => database.RunAsync<IReadOnlyList<PendingPush>>(
        async (connection, token) =>
        {
            List<PendingPush> due = [];
            await using var command = connection.Statement(Claim, Parameter.Of(now), Parameter.Of(until), Parameter.Of(limit), Me);
            await command.ForEachAsync(reader => due.Add(Pending(reader)), token).ConfigureAwait(false);
            return due;
        },
        cancel);

    /// <inheritdoc/>
    public Task<long?> NextDueAsync(long now, CancellationToken cancel) => database.RunAsync(
        async (connection, token) =>
        {
            await using var command = connection.Statement(NextDue, Parameter.Of(now));
            return await command.ExecuteScalarAsync(token).ConfigureAwait(false) as long?;
        },
        cancel);

    /// <inheritdoc/>
    public Task ReleaseAsync(long id, CancellationToken cancel) =>
        writes.WriteAsync(Statements.Of(Release, Parameter.Of(id), Me), cancel);

    /// <inheritdoc/>
    public Task SentAsync(long id, CancellationToken cancel) => writes.WriteAsync(Statements.Of(Sent, Parameter.Of(id)), cancel);

    /// <inheritdoc/>
    public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) =>
        writes.WriteAsync(Statements.Of(Retry, Parameter.Of(id), Me, Parameter.Of(nextAttemptAt), Parameter.Of(reason)), cancel);

    /// <inheritdoc/>
    public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) => writes.WriteAsync(
        [
            Statements.Of(Bury, Parameter.Of(id), Me, Parameter.Of(reason), Parameter.Of(at)),
            Statements.Of(DropOldest, Parameter.Of(DeadLetter.Kept)),
        ],
        cancel);

    private static PendingPush Pending(NpgsqlDataReader reader)
    {
        var id = reader.GetInt64(0);
        var delivery = DeliveryName.Of(reader.GetString(1), id);
        return new PendingPush(
            id,
            delivery,
            StoredId.User(reader.GetInt64(2)),
            new ChannelId(reader.GetString(3)),
            reader.GetInt64(4),
            reader.GetInt64(5),
            reader.GetInt32(6));
    }
}
