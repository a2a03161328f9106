using ChatAkka.Storage.Journals;

namespace ChatAkka.Transfer.Imports;

/// <summary>
/// Appends many events at once, several appends at the same time. The events of a persistence id are all in one lane, which appends them
/// one batch after the other: stores take what is written last for the newest. What waits is bounded by the lanes' batches: who adds to a
/// full one waits for the batch before it.
/// </summary>
internal sealed class AppendLanes(IEventStore journal, CancellationToken cancel)
{
    private const int Lanes = 4;

    // Together far below what a store lets wait (Storage:WriterQueueMiB).
    private const int BatchRows = 1_000;
    private const int BatchBytes = 256 * 1024;

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane())];

    public ValueTask AddAsync(JournalRow row)
    {
        var lane = _lanes[(uint)string.GetHashCode(row.PersistenceId, StringComparison.Ordinal) % Lanes];
        lane.Rows.Add(row);
        lane.Bytes += row.Payload.Length;
        return lane.Rows.Count < BatchRows && lane.Bytes < BatchBytes ? ValueTask.CompletedTask : AppendAsync(lane);
    }

    /// <summary>Everything that was added is durable when it completes.</summary>
    public async Task FlushAsync()
    {
        foreach (var lane in _lanes)
        {
            await AppendAsync(lane).ConfigureAwait(false);
        }

        await Task.WhenAll(_lanes.Select(lane => lane.InFlight)).ConfigureAwait(false);
    }

    /// <summary>Waits for what is under way, whatever comes of it: after a failure nobody asks any more.</summary>
    public async Task SettleAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.InFlight.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask AppendAsync(Lane lane)
    {
        await lane.InFlight.ConfigureAwait(false);
        if (lane.Rows.Count > 0)
        {
            lane.InFlight = journal.AppendAsync([.. lane.Rows], cancel);
            lane.Rows.Clear();
            lane.Bytes = 0;
        }
    }

    private sealed class Lane
    {
        public List<JournalRow> Rows { get; } = [];

        public int Bytes { get; set; }

        public Task InFlight { get; set; } = Task.CompletedTask;
    }
}
