using ChatAkka.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>Stores events, all or none.</summary>
/// <param name="undeliveredAt">When timelines are entered into those that are to be delivered, in ms since the Unix epoch;
/// <see cref="Untracked"/> if they aren't. No nullable number: one of these is made for every append.</param>
internal sealed class JournalAppend(PersistenceKeys keys, JournalRow[] rows, long undeliveredAt, CancellationToken cancel)
    : WriteItem<bool>(cancel)
{
    /// <summary>Nobody asks what was delivered.</summary>
    public const long Untracked = -1;

    private const string Insert = "INSERT INTO event (id, serializer, manifest, payload) VALUES (?1, ?2, ?3, ?4)";

    // Ids ascend, so what is written last is the newest.
    private const string Annotate =
        "INSERT INTO annotation (target, slot, event) VALUES (?1, ?2, ?3) ON CONFLICT (target, slot) DO UPDATE SET event = excluded.event";

    private const string Enter =
        """
        INSERT INTO undelivered (key, head, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (key) DO UPDATE SET head = excluded.head, at = excluded.at
        """;

    public override int Bytes { get; } = Sum(rows);

    protected override bool Write(SqliteSession session)
    {
        var insert = session.Prepare(Insert);
        var id = "";
        var key = default(PersistenceKey);
        foreach (ref readonly var row in rows.AsSpan())
        {
            if (!ReferenceEquals(id, row.PersistenceId))
            {
                id = row.PersistenceId;
                key = keys.Intern(session, id);
            }

            Append(insert, key, row);
            if (row.Annotates is { } annotates)
            {
                var annotate = session.Prepare(Annotate);
                annotate.Bind(1, RowId.Of(key.Key, annotates.Target));
                annotate.Bind(2, annotates.Slot);
                annotate.Bind(3, RowId.Of(key.Key, row.SequenceNr));
                annotate.Execute();
            }

            if (undeliveredAt != Untracked && row.IsTimeline)
            {
                var enter = session.Prepare(Enter);
                enter.Bind(1, key.Key);
                enter.Bind(2, row.SequenceNr);
                enter.Bind(3, undeliveredAt);
                enter.Execute();
            }
        }

        return true;
    }

    private static int Sum(JournalRow[] rows)
    {
        var bytes = 0;
        foreach (ref readonly var row in rows.AsSpan())
        {
            bytes += row.Payload.Length;
        }

        return bytes;
    }

    private static void Append(SqliteStatement insert, PersistenceKey key, in JournalRow row)
    {
        if (row.SequenceNr is < 1 or > RowId.MaxSequenceNr)
        {
            throw new ArgumentOutOfRangeException(
                nameof(row),
                row.SequenceNr,
                $"The sequence nr of '{row.PersistenceId}' is outside 1 to {RowId.MaxSequenceNr}.");
        }

        // Deleted rows are no fence any more; what they fenced is remembered.
        if (row.SequenceNr <= key.DeletedTo)
        {
            throw new JournalConflictException(row.PersistenceId, row.SequenceNr);
        }

        insert.Bind(1, RowId.Of(key.Key, row.SequenceNr));
        insert.Bind(2, row.SerializerId);
        insert.Bind(3, row.Manifest);
        insert.Bind(4, row.Payload);
        try
        {
            insert.Execute();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            throw new JournalConflictException(row.PersistenceId, row.SequenceNr, e);
        }
    }
}
