using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>The undelivered timelines of the embedded store. As soon as there is one of these, appends enter their timelines.</summary>
public sealed class SqliteUndeliveredTable : IUndeliveredTable
{
    private const string Delete = "DELETE FROM undelivered WHERE key = (SELECT key FROM persistence WHERE id = ?1) AND head <= ?2";
    private const string Select = "SELECT p.id FROM undelivered u JOIN persistence p ON p.key = u.key";

    private readonly SqliteStore _store;

    public SqliteUndeliveredTable(SqliteStore store)
    {
        _store = store;
        store.Journal.TracksDelivery = true;
    }

    /// <inheritdoc/>
    public Task SettledAsync(string persistenceId, long head, CancellationToken cancel) =>
        _store.WriteAsync(
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
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) =>
        _store.ReadAsync<IReadOnlyList<string>>(
            session =>
            {
                List<string> ids = [];
                var select = session.Prepare(Select);
                try
                {
                    while (select.Step())
                    {
                        ids.Add(select.Text(0));
                    }

                    return ids;
                }
                finally
                {
                    select.Reset();
                }
            },
            cancel);
}
