using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>The undelivered timelines of the embedded store.</summary>
internal sealed class SqliteUndeliveredTable(SqliteStore store) : IUndeliveredTable
{
    private const string Delete = "DELETE FROM undelivered WHERE key = (SELECT key FROM persistence WHERE id = ?1) AND head <= ?2";

    private const string Select =
        "SELECT u.key, p.id FROM undelivered u JOIN persistence p ON p.key = u.key WHERE u.at <= ?1 ORDER BY u.at, u.key LIMIT ?2";

    private const string Touch = "UPDATE undelivered SET at = ?2 WHERE key = ?1";

    /// <inheritdoc/>
    public Task SettledAsync(string persistenceId, long head, CancellationToken cancel) =>
        store.WriteAsync(
            session =>
            {
                var delete = session.Prepare(Delete);
                delete.Bind(1, persistenceId);
                delete.Bind(2, head);
                delete.Execute();
                return true;
            },
            cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel) =>
        store.WriteAsync<IReadOnlyList<string>>(
            session =>
            {
                var found = Read(session, before, limit);
                var touch = session.Prepare(Touch);
                touch.Bind(2, now);
                foreach (var (key, _) in found)
                {
                    touch.Bind(1, key);
                    touch.Execute();
                }

                return found.ConvertAll(one => one.Id);
            },
            cancel);

    private static List<(long Key, string Id)> Read(SqliteSession session, long before, int limit)
    {
        var select = session.Prepare(Select);
        try
        {
            select.Bind(1, before);
            select.Bind(2, limit);
            List<(long, string)> found = [];
            while (select.Step())
            {
                found.Add((select.Int64(0), select.Text(1)));
            }

            return found;
        }
        finally
        {
            select.Reset();
        }
    }
}
