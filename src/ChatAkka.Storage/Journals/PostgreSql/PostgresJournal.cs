using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>
/// The events of all persistence ids. Appends go through lanes, a persistence id always through the same, so that they keep their order;
/// reads go through the lane of reads.
/// </summary>
internal sealed class PostgresJournal : IEventStore, IAsyncDisposable
{
    // So many rows are read before a connection is given back, and a long replay can't keep one from all others.
    private const int RowsPerRead = 1_000;

    internal static readonly string SelectAscending = Select(direction: "");
    internal static readonly string SelectDescending = Select(direction: " DESC");

    private const string SelectHighest = "SELECT head FROM persistence WHERE id = $1";

    private const string SelectHeads =
        """
        SELECT p.id, e.sequence_nr, e.serializer, e.manifest, e.payload
        FROM unnest($1) AS asked(id) JOIN persistence p ON p.id = asked.id JOIN event e ON e.key = p.key AND e.sequence_nr = p.head
        """;

    private const string SelectAnnotations =
        """
        SELECT event, serializer, manifest, payload FROM annotation
        WHERE key = (SELECT key FROM persistence WHERE id = $1) AND target BETWEEN $2 AND $3
        """;

    private const string Delete = "SELECT delete_events($1, $2)";

    private readonly PostgresDatabase _database;
    private readonly ReadLane _reads;
    private readonly JournalLane[] _lanes;

    public PostgresJournal(PostgresDatabase database, ReadLane reads, StorageOptions options, TimeProvider time)
    {
        (_database, _reads) = (database, reads);
        var count = options.WriterConnections;
        _lanes = [.. Enumerable.Range(0, count).Select(_ => new JournalLane(database, options, count, time))];
    }

    /// <summary>Appends enter their timelines into those that are to be delivered.</summary>
    public void TrackDelivery() => Array.ForEach(_lanes, lane => lane.TracksDelivery = true);

    /// <inheritdoc/>
    public async Task AppendAsync(JournalRow[] rows, CancellationToken cancel)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(rows[i].SequenceNr, 1);
            if (i > 0 && rows[i].PersistenceId == rows[i - 1].PersistenceId && rows[i].SequenceNr <= rows[i - 1].SequenceNr)
            {
                throw new JournalConflictException(rows[i].PersistenceId, rows[i].SequenceNr);
            }
        }

        if (rows.Length > 0)
        {
            await LaneOf(rows[0].PersistenceId).AppendAsync(rows, cancel).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        string persistenceId, long from, long to, long limit, bool backward, Action<JournalRow> receive, CancellationToken cancel)
    {
        // Within bounds that leave room for the arithmetic of the statement.
        (from, to) = (Math.Clamp(from, 0, long.MaxValue - 64), Math.Clamp(to, 0, long.MaxValue - 64));
        while (limit > 0 && from <= to)
        {
            var most = (int)Math.Min(limit, RowsPerRead);
            var (count, last) = await ReadPieceAsync(persistenceId, from, to, most, backward, receive, cancel).ConfigureAwait(false);
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
        await LaneOf(persistenceId).FlushAsync(cancel).ConfigureAwait(false);
        var highest = 0L;
        await _reads.ReadAsync(
            Statements.Of(SelectHighest, Parameter.Of(persistenceId)), reader => highest = reader.GetInt64(0), cancel).ConfigureAwait(false);
        return highest;
    }

    /// <inheritdoc/>
    public Task<List<JournalRow>> AnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel) => _reads.ReadAsync(
        Statements.Of(SelectAnnotations, Parameter.Of(persistenceId), Parameter.Of(from), Parameter.Of(to)),
        reader => Row(reader, persistenceId, 0),
        cancel);

    /// <inheritdoc/>
    public Task<List<JournalRow>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel) => _reads.ReadAsync(
        Statements.Of(SelectHeads, Parameter.Of(persistenceIds.ToArray())), reader => Row(reader, reader.GetString(0), 1), cancel);

    /// <inheritdoc/>
    public Task DeleteToAsync(string persistenceId, long to, CancellationToken cancel) => _database.RunAsync(
        async (connection, token) =>
        {
            await using var command = connection.Statement(Delete, Parameter.Of(persistenceId), Parameter.Of(to));
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        },
        cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }
    }

    private JournalLane LaneOf(string persistenceId) =>
        _lanes[(uint)string.GetHashCode(persistenceId, StringComparison.Ordinal) % (uint)_lanes.Length];

    // The table of events is looked into from its tail on only; below lie those that have moved. The first rows of a range are among the
    // first of that table and those of the first chunks. In one statement, so that no chunk can move in between.
    private static string Select(string direction) =>
        $"""
        (SELECT sequence_nr, serializer, manifest, payload FROM event
         WHERE key = (SELECT key FROM persistence WHERE id = $1)
           AND sequence_nr BETWEEN greatest($2, (SELECT tail FROM persistence WHERE id = $1)) AND $3
         ORDER BY sequence_nr{direction} LIMIT $4)
        UNION ALL
        (SELECT c.first + u.at - 1, u.serializer, u.manifest, u.payload
         FROM (SELECT * FROM event_chunk
               WHERE key = (SELECT key FROM persistence WHERE id = $1) AND first BETWEEN $2 - {AppendBatch.ChunkLength - 1} AND $3
               ORDER BY first{direction} LIMIT $4 / {AppendBatch.ChunkLength} + 2) c,
              unnest(c.serializers, c.manifests, c.payloads) WITH ORDINALITY AS u(serializer, manifest, payload, at)
         WHERE c.first + u.at - 1 BETWEEN $2 AND $3)
        ORDER BY 1{direction} LIMIT $4
        """;

    private async Task<(int Count, long Last)> ReadPieceAsync(
        string persistenceId,
        long from,
        long to,
        int limit,
        bool backward,
        Action<JournalRow> receive,
        CancellationToken cancel)
    {
        var (count, last) = (0, 0L);
        var sql = backward ? SelectDescending : SelectAscending;
        await _reads.ReadAsync(
            Statements.Of(sql, Parameter.Of(persistenceId), Parameter.Of(from), Parameter.Of(to), Parameter.Of((long)limit)),
            reader =>
            {
                var row = Row(reader, persistenceId, 0);
                (count, last) = (count + 1, row.SequenceNr);
                receive(row);
            },
            cancel).ConfigureAwait(false);
        return (count, last);
    }

    internal static JournalRow Row(NpgsqlDataReader reader, string persistenceId, int column) => new(
        persistenceId,
        reader.GetInt64(column),
        reader.GetInt32(column + 1),
        reader.GetString(column + 2),
        (byte[])reader.GetValue(column + 3));
}
