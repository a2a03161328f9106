using System.Text.Json;
using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>folded</c>: pages of a very long channel whose every message was edited and reacted to long after. How long they take, beside the
/// pages of the same channel that nobody touched.
/// </summary>
internal sealed class FoldedPages(Correspondence channel)
{
    private const int Pages = 400;
    private const int Reads = 2_000;
    private const int Window = 64;
    private const double StallSeconds = 60;

    private readonly HistoryPage[] _pages = [.. Enumerable.Range(0, Pages).Select(i => new HistoryPage(
        channel, channel.First + HistoryPage.Length + (long)i * ((channel.Count - HistoryPage.Length) / Pages)))];

    /// <summary>Edits every message of the pages, and reacts to it.</summary>
    public void Annotate(ServerProcess server, IntegratorKey key, int writer)
    {
        using var loop = new LoadLoop(server.Address);
        var session = Lobby.LogIn(loop, key, writer, writer + 1)[0];
        var sent = 0;
        foreach (var page in _pages)
        {
            for (var id = page.Before - HistoryPage.Length; id < page.Before; id++)
            {
                session.Annotate(channel.Channel, id, "edit", "edited long after it was posted");
                session.Annotate(channel.Channel, id, "react", ":+1:");
                sent += 2;
                if (!loop.RunUntil(() => sent - session.Annotated < Window || session.Failure is not null, StallSeconds) || session.Failure is not null)
                {
                    throw new BenchmarkException($"annotation {session.Annotated} of {sent}: {session.Failure ?? session.Faults.FirstError ?? "stalled"}");
                }
            }
        }

        if (!loop.RunUntil(() => session.Annotated == sent, StallSeconds))
        {
            throw new BenchmarkException($"{session.Annotated} of {sent} annotations were answered; {session.Faults.FirstError}");
        }
    }

    public RunResult Measure(ServerProcess server, int run)
    {
        using var http = new HttpApi(server.Address);
        var random = new Random(run);
        var wrong = 0;
        var latency = new LatencyHistogram();
        var usage = new Usage(server);
        for (var i = 0; i < Reads; i++)
        {
            var page = _pages[random.Next(Pages)];
            var asked = Clock.Now;
            var answer = page.Fetch(http);
            latency.Add(Clock.Microseconds(asked, Clock.Now));
            wrong += IsFolded(answer) ? 0 : 1;
        }

        usage.Stop();
        var result = new RunResult("history-folded", run)
            .With("page_p50_ms", latency.Milliseconds(.5), 3)
            .With("page_p99_ms", latency.Milliseconds(.99), 3)
            .With("page_max_ms", latency.Milliseconds(1), 3);
        usage.AddCpuPerPageTo(result, Reads).WithFault("wrong_pages", wrong);
        SessionFaults.AddTo(result, [], server);
        return result;
    }

    private static bool IsFolded(byte[] answer)
    {
        using var page = JsonDocument.Parse(answer);
        var messages = page.RootElement.GetProperty("messages");
        return messages.GetArrayLength() == HistoryPage.Length && messages.EnumerateArray().All(message =>
            message.GetProperty("text").GetString() == "edited long after it was posted"
            && message.GetProperty("edited_at").GetInt64() > 0
            && message.GetProperty("reactions").GetArrayLength() == 1);
    }
}
