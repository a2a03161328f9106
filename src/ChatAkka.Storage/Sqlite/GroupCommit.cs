using Microsoft.Data.Sqlite;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// Executes a group of writes in one transaction and publishes their outcomes.
/// Invariant: an item succeeds only after the COMMIT that contains it has returned, and a failed item has left nothing.
/// </summary>
/// <remarks>
/// First every item runs unguarded, which is what nearly always works. If one fails by its own fault, everything is rolled back
/// and runs again with a savepoint around each item, so that only the guilty one is lost. Savepoints rather than a
/// transaction each: the innocent of a large group still wait for one sync only, so nobody can slow the others by failing.
/// </remarks>
internal sealed class GroupCommit(WriteTurn turn, Action rolledBack)
{
    private readonly Dictionary<WriteItem, Exception> _guilty = new(ReferenceEqualityComparer.Instance);

    /// <returns>Null, or what is wrong with the store; every item has failed then.</returns>
    public SqliteException? Run(SqliteSession session, List<WriteItem> group)
    {
        _guilty.Clear();
        try
        {
            if (!TryTogether(session, group))
            {
                Isolated(session, group);
            }
        }
        catch (Exception e)
        {
            Rollback(session);
            var fault = e as SqliteException is { } sqlite && SqliteErrors.IsStorageFault(sqlite) ? sqlite : null;
            FailAll(group, fault is null ? e : SqliteErrors.Unavailable(fault));
            return fault;
        }

        foreach (var item in group)
        {
            if (_guilty.Count > 0 && _guilty.TryGetValue(item, out var reason))
            {
                item.Fail(reason);
            }
            else
            {
                item.Succeed();
            }
        }

        return null;
    }

    public static void FailAll(List<WriteItem> group, Exception reason)
    {
        foreach (var item in group)
        {
            item.Fail(reason);
        }
    }

    /// <returns>False if an item failed by its own fault; nothing is stored then.</returns>
    private bool TryTogether(SqliteSession session, List<WriteItem> group)
    {
        turn.Begin(session);
        try
        {
            foreach (var item in group)
            {
                item.Execute(session);
            }
        }
        catch (Exception e) when (IsOwnFault(e))
        {
            Rollback(session);
            return false;
        }

        session.Prepare("COMMIT").Execute();
        return true;
    }

    private void Isolated(SqliteSession session, List<WriteItem> group)
    {
        turn.Begin(session);
        foreach (var item in group)
        {
            session.Prepare("SAVEPOINT item").Execute();
            try
            {
                item.Execute(session);
            }
            catch (Exception e) when (IsOwnFault(e))
            {
                session.Prepare("ROLLBACK TO item").Execute();
                rolledBack();
                _guilty.Add(item, e);
            }

            session.Prepare("RELEASE item").Execute();
        }

        session.Prepare("COMMIT").Execute();
    }

    private void Rollback(SqliteSession session)
    {
        rolledBack();
        try
        {
            if (session.InTransaction)
            {
                session.Prepare("ROLLBACK").Execute();
            }
        }
        catch (SqliteException)
        {
            // Left in its transaction the session is useless; the writer sees that and replaces it.
        }
    }

    private static bool IsOwnFault(Exception e) => e is not SqliteException sqlite || !SqliteErrors.IsStorageFault(sqlite);
}
