using System.Diagnostics;
using System.Globalization;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Journals.Sqlite;
using ChatAkka.Storage.Migrations;
using ChatAkka.Storage.Sqlite;

namespace Benchmarks.Storage;

/// <summary>
/// The embedded store by itself, without actors: rows a second by group size, latency of a commit at a steady 500 a second, bytes
/// of a row, and reads in a long channel. Verb <c>storage</c>; arguments: what to run (all of it if none is named).
/// </summary>
internal static class JournalWrites
{
    private const int Payload = 120;
    private const int PersistenceIds = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"chatakka-bench-{Guid.NewGuid():N}");
        (string Name, Func<string, Task> Run)[] parts =
        [
            ("open", OpenTimes), ("groups", GroupSizes), ("shared", Shared), ("latency", Latency), ("bytes", BytesPerRow),
            ("channel", LongChannel),
        ];
        foreach (var (name, run) in parts.Where(part => args.Length == 0 || args.Contains(part.Name)))
        {
            Directory.CreateDirectory(directory);
            try
            {
                await run(directory);
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return 0;
    }

    private static async Task OpenTimes(string directory)
    {
        foreach (var what in (string[])["empty, cold", "existing", "existing"])
        {
            var watch = Stopwatch.StartNew();
            await using var store = Open(directory);
            Print($"open ({what})", $"{watch.Elapsed.TotalMilliseconds:F1} ms");
        }
    }

    /// <summary>
    /// So many writers, each writing its next events when its last ones are committed: one event at a time as chat does, and ten,
    /// with as many persistence ids as writers.
    /// </summary>
    private static async Task GroupSizes(string directory)
    {
        foreach (var (writers, batch) in ((int, int)[])[(1, 1), (10, 1), (100, 1), (200, 1), (2_000, 1), (PersistenceIds, 10)])
        {
            await GroupSize(Path.Combine(directory, $"{writers}x{batch}"), writers, batch);
        }
    }

    private static async Task GroupSize(string directory, int writers, int batch)
    {
        var commits = 0;
        await using var store = SqliteStore.Open(
            new StorageOptions { DataDirectory = directory }, TimeProvider.System, new WriterHooks { Committed = _ => commits++ }, Migration.Sqlite);
        var next = new long[writers];
        var payload = RandomPayload(Payload);
        await WriteFor(store, next, batch, payload, TimeSpan.FromSeconds(1));
        commits = 0;
        var (rows, seconds, bytes) = await WriteFor(store, next, batch, payload, TimeSpan.FromSeconds(4));
        Print($"{writers} writers, {batch} events a write", $"{rows / seconds:N0} rows/s, {(double)rows / commits:N1} rows a commit, {bytes / rows:N0} B allocated a row");
    }

    /// <summary>
    /// A file that others may have open, by one who is alone, against one that nobody else may: in turns, so that both meet the same machine;
    /// rows a second and, which says more on a busy machine, processor time a row. And two who write to one file.
    /// </summary>
    private static async Task Shared(string directory)
    {
        const int rounds = 10;
        foreach (var writers in (int[])[1, 100, 2_000])
        {
            List<(double Rate, double Cost)> own = [], shared = [], two = [];
            for (var round = 0; round < rounds; round++)
            {
                // Whoever comes second finds a busier disk.
                foreach (var isShared in (bool[])[round % 2 == 0, round % 2 != 0])
                {
                    (isShared ? shared : own).Add(await Rate($"{isShared}{writers}-{round}", isShared, writers, stores: 1));
                }
            }

            for (var round = 0; round < 3; round++)
            {
                two.Add(await Rate($"two{writers}-{round}", isShared: true, writers, stores: 2));
            }

            Print(
                $"{writers} writers: to itself, shared, by two",
                $"{Median(own, run => run.Rate):N0}, {Median(shared, run => run.Rate):N0}, {Median(two, run => run.Rate):N0} rows/s; "
                + $"{Median(own, run => run.Cost):F1}, {Median(shared, run => run.Cost):F1}, {Median(two, run => run.Cost):F1} us a row");
        }

        async Task<(double Rate, double Cost)> Rate(string name, bool isShared, int writers, int stores)
        {
            var options = new StorageOptions { DataDirectory = Path.Combine(directory, name) };
            var open = Enumerable.Range(0, stores).Select(_ => isShared
                ? SqliteStore.OpenShared(options, TimeProvider.System) : SqliteStore.Open(options, TimeProvider.System)).ToArray();
            var payload = RandomPayload(Payload);
            var cpu = Environment.CpuUsage.TotalTime;
            var runs = await Task.WhenAll(open.Select((store, i) => WriteFor(
                store, new long[writers], 1, payload, TimeSpan.FromSeconds(1), id => $"{Id(id)}-{i}")));
            cpu = Environment.CpuUsage.TotalTime - cpu;
            foreach (var store in open)
            {
                await store.DisposeAsync();
            }

            return (runs.Sum(run => run.Rows / run.Seconds), cpu.TotalMicroseconds / runs.Sum(run => run.Rows));
        }

        static double Median(List<(double Rate, double Cost)> runs, Func<(double Rate, double Cost), double> of) =>
            runs.Select(of).Order().ElementAt(runs.Count / 2);
    }

    /// <summary>Writes for a while, with as many writers and persistence ids as <paramref name="next"/> has places, which are the sequence
    /// nrs that were written last.</summary>
    /// <param name="name">The persistence id of a writer; if null, that of its number.</param>
    public static async Task<(long Rows, double Seconds, long Allocated)> WriteFor(
        ChatStore store, long[] next, int batch, byte[] payload, TimeSpan time, Func<int, string>? name = null)
    {
        string[] ids = [.. next.Select((_, i) => (name ?? Id)(i))];
        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var rows = await Task.WhenAll(ids.Select(async (id, writer) =>
        {
            var count = 0L;
            for (; watch.Elapsed < time; count += batch)
            {
                var events = new JournalRow[batch];
                for (var i = 0; i < batch; i++)
                {
                    events[i] = Row(id, ++next[writer], payload);
                }

                await store.Journal.AppendAsync(events, CancellationToken.None);
            }

            return count;
        }));
        return (rows.Sum(), watch.Elapsed.TotalSeconds, GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <summary>With the store's background checkpoints, and with SQLite's own after a commit of the writer.</summary>
    private static async Task Latency(string directory)
    {
        await Latency("background checkpoints", new StorageOptions { DataDirectory = Path.Combine(directory, "background") }, new WriterHooks());
        var options = new StorageOptions { DataDirectory = Path.Combine(directory, "auto"), CheckpointPages = 1_000_000 };
        var set = false;
        await Latency("SQLite's checkpoints", options, new WriterHooks
        {
            BeforeGroup = session =>
            {
                if (!set)
                {
                    set = true;
                    session.Execute("PRAGMA wal_autocheckpoint=1000");
                }
            },
        });
    }

    private static async Task Latency(string what, StorageOptions options, WriterHooks hooks)
    {
        const int rate = 500;
        const int seconds = 20;
        await using var store = SqliteStore.Open(options, TimeProvider.System, hooks, Migration.Sqlite);
        var payload = RandomPayload(Payload);
        var next = new long[PersistenceIds];
        List<Task<double>> writes = [];
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < rate * seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate);
            while (watch.Elapsed < due)
            {
                await Task.Delay(1);
            }

            var id = i % PersistenceIds;
            writes.Add(Timed(store, Row(Id(id), ++next[id], payload)));
        }

        // The first second is warming up.
        var times = (await Task.WhenAll(writes))[rate..];
        Array.Sort(times);
        Print(
            $"commit at {rate}/s, {what}",
            $"p50 {times[times.Length / 2]:F2} ms, p99 {times[times.Length * 99 / 100]:F2} ms, p99.9 {times[times.Length * 999 / 1000]:F2} ms, max {times[^1]:F2} ms");

        static async Task<double> Timed(SqliteStore store, JournalRow row)
        {
            var start = Stopwatch.GetTimestamp();
            await store.Journal.AppendAsync([row], CancellationToken.None);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static async Task BytesPerRow(string directory)
    {
        const int size = 100;
        foreach (var ids in (int[])[1, PersistenceIds])
        {
            var path = Path.Combine(directory, $"b{ids}");
            var rows = 200_000L;
            await using (var store = Open(path))
            {
                await Fill(store, ids, rows, RandomPayload(size));
            }

            var bytes = new FileInfo(Path.Combine(path, "chatakka.db")).Length;
            Print($"row of {size} bytes, {ids} ids", $"{(double)bytes / rows:F1} bytes on disk");
        }
    }

    private static async Task LongChannel(string directory)
    {
        const long rows = 1_000_000;
        await using (var filling = Open(directory))
        {
            await Fill(filling, 1, rows, RandomPayload(Payload));
        }

        await using var store = Open(directory);
        var reader = store.Timelines;
        await Timed("first head seek", 1, _ => store.Journal.HighestAsync(Id(0), CancellationToken.None));
        await Timed("head seek", 2_000, _ => store.Journal.HighestAsync(Id(0), CancellationToken.None));
        var random = new Random(1);
        await Timed("page of 50 at random", 5_000, async _ => (await Page(random.NextInt64(50, rows))).Count);
        await Timed("replay of all", 1, async _ =>
        {
            var count = 0L;
            await store.Journal.ReadAsync(Id(0), 1, long.MaxValue, long.MaxValue, backward: false, _ => count++, CancellationToken.None);
            return count;
        });

        Task<IReadOnlyList<StoredEvent>> Page(long to) => reader.ReadAsync(Id(0), 1, to, 50, backward: true, CancellationToken.None);

        static async Task Timed(string what, int times, Func<int, Task<long>> read)
        {
            var all = new double[times];
            for (var i = 0; i < times; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await read(i);
                all[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            Array.Sort(all);
            Print($"{rows:N0} events: {what}", $"p50 {all[times / 2]:F3} ms, p99 {all[times * 99 / 100]:F3} ms");
        }
    }

    private static async Task Fill(SqliteStore store, int ids, long rows, byte[] payload)
    {
        const int batch = 100;
        List<Task> writes = [];
        for (var first = 0L; first < rows; first += batch)
        {
            var id = (int)(first / batch % ids);
            var from = (first / batch / ids * batch) + 1;
            writes.Add(store.Journal.AppendAsync([.. Enumerable.Range(0, batch).Select(i => Row(Id(id), from + i, payload))], CancellationToken.None));
            if (writes.Count == 100)
            {
                await Task.WhenAll(writes);
                writes.Clear();
            }
        }

        await Task.WhenAll(writes);
    }

    private static SqliteStore Open(string directory) =>
        SqliteStore.Open(new StorageOptions { DataDirectory = directory }, TimeProvider.System);

    public static string Id(int id) => string.Create(CultureInfo.InvariantCulture, $"channel-{7_000_000_000_000_000_000 + id}");

    private static JournalRow Row(string id, long sequenceNr, byte[] payload) => new(id, sequenceNr, 20, "mp", payload);

    public static byte[] RandomPayload(int size)
    {
        var payload = new byte[size];
        new Random(1).NextBytes(payload);
        return payload;
    }

    public static void Print(string what, string figures) => Console.WriteLine($"{what,-44} {figures}");
}
