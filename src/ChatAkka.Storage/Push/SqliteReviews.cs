using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Push;

/// <summary>The users to be looked after in the embedded store.</summary>
internal sealed class SqliteReviews(SqliteStore store) : IAbsenceReviews
{
    private const string Add =
        "INSERT INTO absence_review (user_id, due_at) VALUES (?1, ?2) ON CONFLICT (user_id) DO UPDATE SET due_at = excluded.due_at";

    private const string Due = "SELECT user_id FROM absence_review WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
    private const string Done = "DELETE FROM absence_review WHERE user_id = ?1 AND due_at = ?2";

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<UserId> users, long dueAt, CancellationToken cancel) =>
        store.WriteAllAsync(users, (session, all) => Each(session, Add, all.Select(StoredId.Of), dueAt), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UserId>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel) =>
        store.WriteAsync<IReadOnlyList<UserId>>(
            session =>
            {
                var due = ReadDue(session, now, limit);
                Each(session, Add, due, until);
                return [.. due.Select(StoredId.User)];
            },
            cancel);

    /// <inheritdoc/>
    public Task DoneAsync(IReadOnlyCollection<UserId> users, long until, CancellationToken cancel) =>
        store.WriteAllAsync(users, (session, all) => Each(session, Done, all.Select(StoredId.Of), until), cancel);

    private static List<long> ReadDue(SqliteSession session, long now, int limit)
    {
        var select = session.Prepare(Due);
        try
        {
            select.Bind(1, now);
            select.Bind(2, limit);
            List<long> due = [];
            while (select.Step())
            {
                due.Add(select.Int64(0));
            }

            return due;
        }
        finally
        {
            select.Reset();
        }
    }

    private static bool Each(SqliteSession session, string sql, IEnumerable<long> users, long at)
    {
        var statement = session.Prepare(sql);
        statement.Bind(2, at);
        foreach (var user in users)
        {
            OutboxRows.Execute(statement, user);
        }

        return true;
    }
}
