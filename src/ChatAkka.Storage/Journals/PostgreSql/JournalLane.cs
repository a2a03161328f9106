using System.Globalization;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>Appends of the persistence ids that are its, in the order of their calls.</summary>
internal sealed class JournalLane(PostgresDatabase database, StorageOptions options, int lanes, TimeProvider time)
    : CommitLane<PendingAppend>(database, options, lanes)
{
    private readonly PersistenceKeys _keys = new();
    private AppendBatch _appends = null!;

    /// <summary>Appends enter their timelines into those that are to be delivered.</summary>
    public bool TracksDelivery { get; set; }

    public Task AppendAsync(JournalRow[] rows, CancellationToken cancel)
    {
        var append = new PendingAppend(rows, cancel);
        Enqueue(append);
        return append.Completion;
    }

    /// <summary>Completes when every append that was accepted before has its outcome.</summary>
    public Task FlushAsync(CancellationToken cancel) => IsIdle ? Task.CompletedTask : AppendAsync([], cancel);

    protected override Task PrepareAsync(NpgsqlConnection connection, IReadOnlyList<PendingAppend> group) =>
        _keys.LearnAsync(connection, group.SelectMany(append => append.Rows).Select(row => row.PersistenceId));

    protected override List<PendingAppend> Fill(NpgsqlBatch batch, List<PendingAppend> group)
    {
        _appends = new AppendBatch(_keys, TracksDelivery ? time.GetUtcNow().ToUnixTimeMilliseconds() : null);
        List<PendingAppend> next = [];

        // A barrier waits with those before it.
        group.RemoveAll(append =>
        {
            var waits = append.Rows.Length == 0 ? next.Count > 0 : !_appends.TryAdd(append);
            if (waits)
            {
                next.Add(append);
            }

            return waits;
        });
        _appends.AddTo(batch);
        return next;
    }

    protected override bool TryBlame(List<PendingAppend> group, PostgresException refusal)
    {
        if (refusal.SqlState != PostgresErrors.HeadTaken)
        {
            return false;
        }

        foreach (var key in refusal.MessageText.Split(',').Select(key => long.Parse(key, CultureInfo.InvariantCulture)))
        {
            var guilty = _appends.FirstOf(key);
            var row = Array.Find(guilty.Rows, row => _keys[row.PersistenceId] == key);
            guilty.Fail(new JournalConflictException(row.PersistenceId, row.SequenceNr, refusal));
            group.Remove(guilty);
        }

        return true;
    }
}
