using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Presence;

/// <summary>Presence in the embedded store.</summary>
public sealed class SqlitePresenceStore(SqliteStore store) : IPresenceStore
{
    private const string Upsert =
        """
        INSERT INTO presence (user_id, online, last_active_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (user_id) DO UPDATE SET online = excluded.online, last_active_at = max(last_active_at, excluded.last_active_at)
        """;

    private const string MarkAlive = "INSERT INTO alive (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = max(at, excluded.at)";

    private const string SelectOnline = "SELECT user_id FROM presence WHERE online = 1";

    private const string Recover =
        """
        UPDATE presence SET online = 0, last_active_at = max(last_active_at, coalesce((SELECT at FROM alive), 0)) WHERE online = 1
        """;

    private const string Select = "SELECT last_active_at FROM presence WHERE user_id = ?1";

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel)
    {
        var copy = records.ToArray();
        return copy.Length == 0 ? Task.CompletedTask : store.WriteAsync(session => Save(session, copy), cancel);
    }

    /// <inheritdoc/>
    public Task MarkAliveAsync(long now, CancellationToken cancel) =>
        store.WriteAsync(
            session =>
            {
                var mark = session.Prepare(MarkAlive);
                mark.Bind(1, now);
                mark.Execute();
                return true;
            },
            cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UserId>> RecoverAsync(CancellationToken cancel) =>
        store.WriteAsync<IReadOnlyList<UserId>>(
            session =>
            {
                List<UserId> online = [];
                var select = session.Prepare(SelectOnline);
                try
                {
                    while (select.Step())
                    {
                        online.Add(StoredId.User(select.Int64(0)));
                    }
                }
                finally
                {
                    select.Reset();
                }

                session.Prepare(Recover).Execute();
                return online;
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

    private static bool Save(SqliteSession session, PresenceRecord[] records)
    {
        var upsert = session.Prepare(Upsert);
        foreach (var record in records)
        {
            upsert.Bind(1, StoredId.Of(record.User));
            upsert.Bind(2, record.IsOnline ? 1 : 0);
            upsert.Bind(3, record.LastActiveAt);
            upsert.Execute();
        }

        return true;
    }
}
