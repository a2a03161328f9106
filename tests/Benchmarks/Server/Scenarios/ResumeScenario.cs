using System.Globalization;
using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>resume</c>: all devices come back at the same moment, and each has missed something in every one of its channels. Seconds until the last of them is
/// synced, on a server that has been running and on one that has just started.
/// </summary>
internal static class ResumeScenario
{
    private const int Devices = 1_000;
    private const int ChannelsEach = 50;
    private const int GroupSize = 20;
    private const double TimeoutSeconds = 120;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var host = new ServerHost(options);
        var server = host.Start();
        Console.Error.WriteLine("resume: creating groups");
        var groups = Prepare(server, host.Key);
        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"resume: run {run}");
            Post(server, groups, $"warm-{run}");
            var warm = Measure("resume-running", server, host.Key, run);
            report.Add(warm);
            Post(server, groups, $"cold-{run}");
            server = host.Start();
            report.Add(Measure("resume-started", server, host.Key, run));
        }
    }

    // Group g has the members g, g+1, … so that everybody is in as many groups as one has members, and a few rounds of that.
    private static List<(string Token, string Channel)> Prepare(ServerProcess server, IntegratorKey key)
    {
        using var loop = new LoadLoop(server.Address);
        var users = Lobby.LogIn(loop, key, 0, Devices);
        using var http = new HttpApi(server.Address);
        var groups = new List<(string, string)>();
        for (var g = 0; g < Devices * ChannelsEach / GroupSize; g++)
        {
            var members = Enumerable.Range(0, GroupSize).Select(i => users[(g + i * (1 + g / Devices)) % Devices]).ToArray();
            groups.Add((members[0].Token, http.CreateGroup(members[0].Token, $"group {g}", members.Skip(1).Select(member => member.UserId))));
        }

        return groups;
    }

    private static void Post(ServerProcess server, List<(string Token, string Channel)> groups, string round)
    {
        using var http = new HttpApi(server.Address);
        foreach (var (token, channel) in groups)
        {
            http.Post(token, channel, round, $"what you missed in {round}");
        }
    }

    private static RunResult Measure(string test, ServerProcess server, IntegratorKey key, int run)
    {
        using var loop = new LoadLoop(server.Address);
        var tokens = Enumerable.Range(0, Devices).Select(i => key.Token(string.Create(CultureInfo.InvariantCulture, $"u{i}"), "bench")).ToArray();
        var usage = new Usage(server);
        var start = Clock.Now;
        var first = double.NaN;
        var sessions = tokens.Select((token, i) => new ChatSession(loop, i, token)).ToArray();
        Array.ForEach(sessions, loop.Open);
        var done = loop.RunUntil(
            () =>
            {
                first = double.IsNaN(first) && sessions.Any(session => session.IsReady) ? Clock.Seconds(start, Clock.Now) : first;
                return sessions.All(session => session.IsReady || session.Failure is not null);
            },
            TimeoutSeconds);
        var seconds = Clock.Seconds(start, Clock.Now);
        usage.Stop();
        var result = new RunResult(test, run)
            .With("devices", Devices)
            .With("channels_synced", sessions.Sum(session => session.Syncs))
            .With("first_synced_s", first, 2)
            .With("all_synced_s", seconds, 2)
            .With("server_cpu_s", usage.ServerCpu, 2)
            .WithFault("unsynced_devices", done ? 0 : 1)
            .WithFault("missing_channels", Math.Max(0, Devices * ChannelsEach - sessions.Sum(session => session.Syncs)));
        SessionFaults.AddTo(result, sessions, server);

        // What was taken isn't missed again.
        loop.RunFor(0.5);
        return result;
    }
}
