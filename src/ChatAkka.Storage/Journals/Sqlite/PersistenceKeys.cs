using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>What the writer knows of a persistence id.</summary>
internal readonly record struct PersistenceKey(long Key, long DeletedTo);

/// <summary>
/// Interns persistence ids. Belongs to the writer thread: it holds what its open transaction has written too, and is
/// forgotten whenever that is rolled back. Bounded: when full it is emptied, and the ids in use are looked up again.
/// </summary>
internal sealed class PersistenceKeys
{
    private const int Capacity = 100_000;
    private const string Select = "SELECT key, deleted_to FROM persistence WHERE id = ?1";
    private const string Insert = "INSERT INTO persistence (id) VALUES (?1) RETURNING key";

    private readonly Dictionary<string, PersistenceKey> _known = new(StringComparer.Ordinal);

    public void Forget() => _known.Clear();

    /// <summary>The key of an id, which gets one if it has none.</summary>
    public PersistenceKey Intern(SqliteSession session, string persistenceId)
    {
        if (!_known.TryGetValue(persistenceId, out var key))
        {
            key = Find(session, persistenceId) ?? new PersistenceKey(Create(session, persistenceId), 0);
            Remember(persistenceId, key);
        }

        return key;
    }

    public void Remember(string persistenceId, PersistenceKey key)
    {
        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[persistenceId] = key;
    }

    /// <summary>The key of an id, or null if it has none.</summary>
    public static PersistenceKey? Find(SqliteSession session, string persistenceId)
    {
        var select = session.Prepare(Select);
        try
        {
            select.Bind(1, persistenceId);
            return select.Step() ? new PersistenceKey(select.Int64(0), select.Int64(1)) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    private static long Create(SqliteSession session, string persistenceId)
    {
        var insert = session.Prepare(Insert);
        try
        {
            insert.Bind(1, persistenceId);
            insert.Step();
            return insert.Int64(0);
        }
        finally
        {
            insert.Reset();
        }
    }
}
