using System.Diagnostics;
using Benchmarks.Server;
using Benchmarks.Server.Reporting;
using Benchmarks.Storage;
using ChatAkka.Storage.PostgreSql;

namespace Benchmarks.PostgreSql;

/// <summary><c>page</c>: how long pages of 50 take in a database that <see cref="Filling"/> made.</summary>
internal static class PageReads
{
    private const int Reads = 10_000;
    private const int WarmUpReads = 100;
    private const int Seed = 7;

    public static async Task RunAsync(PostgresBenchmarkOptions options)
    {
        var database = PostgresDatabases.Named(options.Database);
        await using IPages pages = options.IsPlain ? new PlainPages(database) : new ChunkPages(await Databases.OpenAsync(database));
        await using var connection = await Databases.ConnectAsync(database);
        var channels = (int)(long)(await connection.ExecuteAsync(pages.CountChannels))!;
        var events = options.Rows / channels; // in each channel at least
        if (events < IPages.Length)
        {
            throw new BenchmarkException($"{options.Rows:N0} events in {channels:N0} channels are less than a page in each");
        }

        var random = new Random(Seed);
        await MeasureAsync(pages, WarmUpReads, 1, Anywhere);
        foreach (var readers in (int[])[1, 4])
        {
            await ReportAsync("anywhere", readers, Anywhere);
            await ReportAsync("the newest", readers, () => (random.Next(channels), events));
        }

        var (some, end) = Anywhere();
        await using var explain = pages.Query(connection, "EXPLAIN (ANALYZE, BUFFERS) ", some, end);
        await explain.ForEachAsync(reader => Console.WriteLine(reader.GetString(0)), CancellationToken.None);

        (int Channel, long To) Anywhere() => (random.Next(channels), random.NextInt64(IPages.Length, events + 1));

        async Task ReportAsync(string where, int readers, Func<(int Channel, long To)> choose)
        {
            var watch = Stopwatch.StartNew();
            var latency = await MeasureAsync(pages, Reads, readers, choose);
            JournalWrites.Print(
                $"page, {where}, {readers} {(readers == 1 ? "reader" : "readers")}",
                $"p50 {latency.Milliseconds(.5):F3} ms, p99 {latency.Milliseconds(.99):F3} ms, max {latency.Milliseconds(1):F3} ms, "
                + $"{Reads / watch.Elapsed.TotalSeconds:N0} pages/s");
        }
    }

    /// <exception cref="BenchmarkException">A page is wrong.</exception>
    private static async Task<LatencyHistogram> MeasureAsync(IPages pages, int reads, int readers, Func<(int Channel, long To)> choose)
    {
        var all = new LatencyHistogram();
        (int Channel, long To)[] chosen = [.. Enumerable.Range(0, reads).Select(_ => choose())];
        await Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(async () =>
        {
            for (var i = reader; i < reads; i += readers)
            {
                var (channel, to) = chosen[i];
                var start = Stopwatch.GetTimestamp();
                var page = await pages.ReadAsync(channel, to);
                var took = (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                if (!page.SequenceEqual(Enumerable.Range(0, IPages.Length).Select(back => to - back)))
                {
                    throw new BenchmarkException($"the page of channel {channel} that ends with {to} has other events");
                }

                lock (all)
                {
                    all.Add(took);
                }
            }
        })));
        return all;
    }
}
