using System.Text.Json;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>
/// The events of all persistence ids. One a store: it holds what the writer thread knows of them.
/// </summary>
internal sealed class JournalTable : IEventStore
{
    // So many rows are read before a connection is given to whoever waits for one, and a long replay can't hold the log back.
    private const int RowsPerRead = 1_000;
    private const int IdsPerStatement = 500;

    private const string SelectAscending =
        """
        SELECT id, serializer, manifest, payload FROM event WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3
        """;

    private const string SelectDescending =
        """
        SELECT id, serializer, manifest, payload FROM event WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT ?3
        """;

    private const string SelectHighest = "SELECT id FROM event WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1";

    // In one statement, so that a deletion can't come between its two halves.
    private const string SelectHighestOfId =
        """
        SELECT max(p.deleted_to, coalesce(
          (SELECT e.id & 4294967295 FROM event e WHERE e.id BETWEEN (p.key << 32) AND (p.key << 32) + 4294967295
           ORDER BY e.id DESC LIMIT 1), 0))
        FROM persistence p WHERE p.id = ?1
        """;

    private const string SelectHeads =
        """
        SELECT p.id, e.id, e.serializer, e.manifest, e.payload
        FROM json_each(?1) AS asked
        JOIN persistence p ON p.id = asked.value
        JOIN event e ON e.id =
          (SELECT h.id FROM event h WHERE h.id BETWEEN (p.key << 32) AND (p.key << 32) + 4294967295 ORDER BY h.id DESC LIMIT 1)
        """;

    private const string SelectAnnotations =
        """
        SELECT e.id, e.serializer, e.manifest, e.payload
        FROM annotation a JOIN event e ON e.id = a.event
        WHERE a.target BETWEEN ?1 AND ?2
        """;

    private const string Delete = "DELETE FROM event WHERE id BETWEEN ?1 AND ?2";
    private const string DeleteAnnotations = "DELETE FROM annotation WHERE target BETWEEN ?1 AND ?2";
    private const string UpdateDeletedTo = "UPDATE persistence SET deleted_to = ?2 WHERE key = ?1";

    private readonly SqliteStore _store;
    private readonly TimeProvider _time;
    private readonly PersistenceKeys _keys = new();

    public JournalTable(SqliteStore store, SqliteWriter writer, TimeProvider time)
    {
        (_store, _time) = (store, time);
        writer.Outdated += _keys.Forget;
    }

    /// <summary>For other rows that belong to a persistence id; use only on the writer thread.</summary>
    public PersistenceKeys Keys => _keys;

    /// <summary>Appends enter their timelines into those that are to be delivered.</summary>
    public bool TracksDelivery { get; set; }

    /// <inheritdoc/>
    public Task AppendAsync(JournalRow[] rows, CancellationToken cancel)
    {
        var undeliveredAt = TracksDelivery ? _time.GetUtcNow().ToUnixTimeMilliseconds() : JournalAppend.Untracked;
        return _store.WriteAsync(new JournalAppend(_keys, rows, undeliveredAt, cancel));
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        string persistenceId, long from, long to, long limit, bool backward, Action<JournalRow> receive, CancellationToken cancel)
    {
        (from, to) = (RowId.Clamp(from), RowId.Clamp(to));
        while (limit > 0 && from <= to)
        {
            var most = (int)Math.Min(limit, RowsPerRead);
            var (start, end) = (from, to);
            var (count, last) = await _store.ReadAsync(
                session => Read(session, persistenceId, start, end, most, backward, receive), cancel).ConfigureAwait(false);
            if (count < most)
            {
                return;
            }

            limit -= count;
            (from, to) = backward ? (from, last - 1) : (last + 1, to);
        }
    }

    /// <inheritdoc/>
    public async Task<long> HighestAsync(string persistenceId, CancellationToken cancel)
    {
        await _store.FlushAsync(cancel).ConfigureAwait(false);
        return await _store.ReadAsync(session => Highest(session, persistenceId), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<List<JournalRow>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel)
    {
        List<JournalRow> heads = new(persistenceIds.Count);
        foreach (var ids in persistenceIds.Chunk(IdsPerStatement))
        {
            heads.AddRange(await _store.ReadAsync(session => Heads(session, ids), cancel).ConfigureAwait(false));
        }

        return heads;
    }

    /// <inheritdoc/>
    public Task<List<JournalRow>> AnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel) =>
        _store.ReadAsync(session => Annotations(session, persistenceId, RowId.Clamp(from), RowId.Clamp(to)), cancel);

    /// <inheritdoc/>
    public Task DeleteToAsync(string persistenceId, long to, CancellationToken cancel) =>
        _store.WriteAsync(session => DeleteTo(session, persistenceId, to), cancel);

    private static (int Count, long Last) Read(
        SqliteSession session, string persistenceId, long from, long to, int limit, bool backward, Action<JournalRow> receive)
    {
        if (PersistenceKeys.Find(session, persistenceId) is not { } key)
        {
            return default;
        }

        var select = session.Prepare(backward ? SelectDescending : SelectAscending);
        try
        {
            select.Bind(1, RowId.Of(key.Key, from));
            select.Bind(2, RowId.Of(key.Key, to));
            select.Bind(3, limit);
            var manifests = new ManifestReader();
            var (count, last) = (0, 0L);
            for (; select.Step(); count++)
            {
                last = RowId.SequenceNr(select.Int64(0));
                receive(new JournalRow(persistenceId, last, (int)select.Int64(1), manifests.Read(select, 2), select.Blob(3)));
            }

            return (count, last);
        }
        finally
        {
            select.Reset();
        }
    }

    private static long Highest(SqliteSession session, string persistenceId)
    {
        var select = session.Prepare(SelectHighestOfId);
        try
        {
            select.Bind(1, persistenceId);
            return select.Step() ? select.Int64(0) : 0;
        }
        finally
        {
            select.Reset();
        }
    }

    private static long HighestStored(SqliteSession session, long key)
    {
        var select = session.Prepare(SelectHighest);
        try
        {
            select.Bind(1, RowId.Of(key, 0));
            select.Bind(2, RowId.Of(key, RowId.MaxSequenceNr));
            return select.Step() ? RowId.SequenceNr(select.Int64(0)) : 0;
        }
        finally
        {
            select.Reset();
        }
    }

    private static List<JournalRow> Heads(SqliteSession session, string[] ids)
    {
        var select = session.Prepare(SelectHeads);
        try
        {
            select.Bind(1, JsonSerializer.Serialize(ids, StringArrayContext.Default.StringArray));
            List<JournalRow> heads = new(ids.Length);
            while (select.Step())
            {
                heads.Add(new JournalRow(
                    select.Text(0), RowId.SequenceNr(select.Int64(1)), (int)select.Int64(2), select.Text(3), select.Blob(4)));
            }

            return heads;
        }
        finally
        {
            select.Reset();
        }
    }

    private static List<JournalRow> Annotations(SqliteSession session, string persistenceId, long from, long to)
    {
        List<JournalRow> annotations = [];
        if (PersistenceKeys.Find(session, persistenceId) is not { } key)
        {
            return annotations;
        }

        var select = session.Prepare(SelectAnnotations);
        try
        {
            select.Bind(1, RowId.Of(key.Key, from));
            select.Bind(2, RowId.Of(key.Key, to));
            while (select.Step())
            {
                annotations.Add(new JournalRow(
                    persistenceId, RowId.SequenceNr(select.Int64(0)), (int)select.Int64(1), select.Text(2), select.Blob(3)));
            }

            return annotations;
        }
        finally
        {
            select.Reset();
        }
    }

    private bool DeleteTo(SqliteSession session, string persistenceId, long to)
    {
        if (PersistenceKeys.Find(session, persistenceId) is not { } key)
        {
            return false;
        }

        var deletedTo = Math.Max(key.DeletedTo, Math.Min(to, HighestStored(session, key.Key)));
        var delete = session.Prepare(Delete);
        delete.Bind(1, RowId.Of(key.Key, 0));
        delete.Bind(2, RowId.Of(key.Key, RowId.Clamp(to)));
        delete.Execute();

        var forget = session.Prepare(DeleteAnnotations);
        forget.Bind(1, RowId.Of(key.Key, 0));
        forget.Bind(2, RowId.Of(key.Key, RowId.Clamp(to)));
        forget.Execute();

        var update = session.Prepare(UpdateDeletedTo);
        update.Bind(1, key.Key);
        update.Bind(2, deletedTo);
        update.Execute();
        _keys.Remember(persistenceId, key with { DeletedTo = deletedTo });
        return true;
    }
}
