using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.PostgreSql;

namespace ChatAkka.Storage.Push;

/// <summary>The users to be looked after in PostgreSQL.</summary>
internal sealed class PostgresReviews(PostgresDatabase database, StatementLane writes) : IAbsenceReviews
{
    // In one order, so that two nodes that are at the same users don't wait for each other.
    private const string Add =
        """
        INSERT INTO absence_review (user_id, due_at) SELECT DISTINCT user_id, $2 FROM unnest($1) AS given(user_id) ORDER BY user_id
        ON CONFLICT (user_id) DO UPDATE SET due_at = excluded.due_at
        """;

    private const string Claim =
        """
        WITH due AS (SELECT user_id FROM absence_review WHERE due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
        UPDATE absence_review SET due_at = $2 FROM due WHERE absence_review.user_id = due.user_id RETURNING due.user_id
        """;

    private const string Done = "DELETE FROM absence_review WHERE user_id = ANY ($1) AND due_at = $2";

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<UserId> users, long dueAt, CancellationToken cancel) => WriteAsync(Add, users, dueAt, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UserId>> ClaimDueAsync(
        long now, long until, int limit, CancellationToken cancel) => database.RunAsync<IReadOnlyList<UserId>>(
        async (connection, token) =>
        {
            List<UserId> due = [];
            await using var command = connection.Statement(Claim, Parameter.Of(now), Parameter.Of(until), Parameter.Of(limit));
            await command.ForEachAsync(reader => due.Add(StoredId.User(reader.GetInt64(0))), token).ConfigureAwait(false);
            return due;
        },
        cancel);

    /// <inheritdoc/>
    public Task DoneAsync(IReadOnlyCollection<UserId> users, long until, CancellationToken cancel) =>
        WriteAsync(Done, users, until, cancel);

    private Task WriteAsync(string sql, IReadOnlyCollection<UserId> users, long at, CancellationToken cancel) => users.Count == 0
        ? Task.CompletedTask
        : writes.WriteAsync(
            Statements.Of(sql, Parameter.Of(users.Select(StoredId.Of).ToArray()), Parameter.Of(at)), cancel);
}
