using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Imports;

namespace ChatAkka.Transfer.Tests;

/// <summary>Appends that overlap keep the order that stores rely on.</summary>
public sealed class AppendLanesTests
{
    private const int Ids = 12;
    private const int Rows = 30_000;

    private readonly HeldJournal _journal = new();

    [Fact]
    public async Task Events_of_one_journal_are_appended_in_order_and_never_by_two_appends_at_a_time()
    {
        var lanes = new AppendLanes(_journal, CancellationToken.None);
        var adding = AddAllAsync(lanes);
        while (!adding.IsCompleted || _journal.Held > 0)
        {
            // The newest first: nobody may rely on the order in which a store finishes.
            _journal.FinishNewest();
            await Task.Yield();
        }

        await adding;
        _journal.Stored.Values.Sum(numbers => numbers.Count).ShouldBe(Rows);
        _journal.Stored.Values.ShouldAllBe(numbers => numbers.SequenceEqual(Enumerable.Range(1, numbers.Count).Select(n => (long)n)));
        _journal.MostHeld.ShouldBeGreaterThan(1);
        _journal.LargestBatch.ShouldBeLessThanOrEqualTo(1_000);
    }

    [Fact]
    public async Task Failed_append_fails_whoever_goes_on_and_is_waited_for_in_the_end()
    {
        var lanes = new AppendLanes(_journal, CancellationToken.None);
        for (var n = 1; n <= 1_000; n++)
        {
            await lanes.AddAsync(Row("a", n));
        }

        _journal.FailNewest(new JournalConflictException("a", 1));

        await Should.ThrowAsync<JournalConflictException>(lanes.FlushAsync());
        await lanes.SettleAsync();
    }

    private static async Task AddAllAsync(AppendLanes lanes)
    {
        for (var i = 0; i < Rows; i++)
        {
            await lanes.AddAsync(Row($"channel-{i % Ids}", (i / Ids) + 1));
        }

        await lanes.FlushAsync();
    }

    private static JournalRow Row(string id, long number) => new(id, number, 1, "m", new byte[100]);

    /// <summary>Keeps every append until the test lets it end.</summary>
    private sealed class HeldJournal : IEventStore
    {
        private readonly Lock _lock = new();
        private readonly List<(JournalRow[] Rows, TaskCompletionSource Done)> _held = [];

        public Dictionary<string, List<long>> Stored { get; } = [];

        public int MostHeld { get; private set; }

        public int LargestBatch { get; private set; }

        public int Held
        {
            get
            {
                lock (_lock)
                {
                    return _held.Count;
                }
            }
        }

        public Task AppendAsync(JournalRow[] rows, CancellationToken cancel)
        {
            lock (_lock)
            {
                rows.Select(row => row.PersistenceId).Intersect(_held.SelectMany(held => held.Rows).Select(row => row.PersistenceId)).ShouldBeEmpty();
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _held.Add((rows, done));
                MostHeld = Math.Max(MostHeld, _held.Count);
                LargestBatch = Math.Max(LargestBatch, rows.Length);
                return done.Task;
            }
        }

        public void FinishNewest()
        {
            if (Take() is not { } newest)
            {
                return;
            }

            foreach (var row in newest.Rows)
            {
                if (!Stored.TryGetValue(row.PersistenceId, out var numbers))
                {
                    Stored.Add(row.PersistenceId, numbers = []);
                }

                numbers.Add(row.SequenceNr);
            }

            newest.Done.SetResult();
        }

        public void FailNewest(Exception reason) => Take().ShouldNotBeNull().Done.SetException(reason);

        public Task ReadAsync(
            string persistenceId, long from, long to, long limit, bool backward, Action<JournalRow> receive, CancellationToken cancel) => throw Unused();

        public Task<long> HighestAsync(string persistenceId, CancellationToken cancel) => throw Unused();

        public Task<List<JournalRow>> AnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel) => throw Unused();

        public Task<List<JournalRow>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel) => throw Unused();

        public Task DeleteToAsync(string persistenceId, long to, CancellationToken cancel) => throw Unused();

        private (JournalRow[] Rows, TaskCompletionSource Done)? Take()
        {
            lock (_lock)
            {
                if (_held.Count == 0)
                {
                    return null;
                }

                var newest = _held[^1];
                _held.RemoveAt(_held.Count - 1);
                return newest;
            }
        }

        private static InvalidOperationException Unused() => new("Lanes only append.");
    }
}
