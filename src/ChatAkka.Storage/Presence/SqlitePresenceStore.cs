using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Presence;

/// <summary>Presence in the embedded store, as a node writes it.</summary>
internal sealed class SqlitePresenceStore(SqliteStore store, NodeLease node) : IPresenceStore
{
    // So that every node that has somebody online is found there. Nobody's mark: the first that the node makes itself isn't this one.
    private const string Enter = "INSERT INTO alive (node, holder, at) VALUES (?1, '', 0) ON CONFLICT DO NOTHING";

    private const string Come = "INSERT INTO online_at (node, user_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    private const string Go = "DELETE FROM online_at WHERE node = ?1 AND user_id = ?2";

    // After a coming or going: whether anybody has the user online.
    private const string Upsert =
        """
        INSERT INTO presence (user_id, online, last_active_at) VALUES (?1, EXISTS (SELECT 1 FROM online_at WHERE user_id = ?1), ?2)
        ON CONFLICT (user_id) DO UPDATE SET online = excluded.online, last_active_at = max(last_active_at, excluded.last_active_at)
        """;

    private const string IsMarked = "SELECT 1 FROM alive WHERE node = ?1 AND holder = ?2";

    private const string MarkAlive =
        """
        INSERT INTO alive (node, holder, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, at = max(at, excluded.at)
        """;

    private const string Select = "SELECT last_active_at FROM presence WHERE user_id = ?1";

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel) =>
        store.WriteAllAsync(records, Save, cancel);

    /// <inheritdoc/>
    public Task<bool> MarkAliveAsync(long now, CancellationToken cancel) =>
        store.WriteAsync(
            session =>
            {
                var marked = session.Prepare(IsMarked);
                marked.Bind(1, node.Node);
                marked.Bind(2, node.Holder);
                var isMarked = marked.Any();
                var mark = session.Prepare(MarkAlive);
                mark.Bind(1, node.Node);
                mark.Bind(2, node.Holder);
                mark.Bind(3, now);
                mark.Execute();
                return isMarked;
            },
            cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        var asked = users.ToArray();
        return store.ReadAsync<IReadOnlyDictionary<UserId, long>>(
            session =>
            {
                Dictionary<UserId, long> found = [];
                var select = session.Prepare(Select);
                foreach (var user in asked)
                {
                    select.Bind(1, StoredId.Of(user));
                    try
                    {
                        if (select.Step())
                        {
                            found[user] = select.Int64(0);
                        }
                    }
                    finally
                    {
                        select.Reset();
                    }
                }

                return found;
            },
            cancel);
    }

    private bool Save(SqliteSession session, PresenceRecord[] records)
    {
        var enter = session.Prepare(Enter);
        enter.Bind(1, node.Node);
        enter.Execute();
        var upsert = session.Prepare(Upsert);
        foreach (var record in records)
        {
            var user = StoredId.Of(record.User);
            var change = session.Prepare(record.IsOnline ? Come : Go);
            change.Bind(1, node.Node);
            change.Bind(2, user);
            change.Execute();
            upsert.Bind(1, user);
            upsert.Bind(2, record.LastActiveAt);
            upsert.Execute();
        }

        return true;
    }
}
