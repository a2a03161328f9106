using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// <c>presence</c>: users who come for a second and go, at a steady rate, over a cluster, each watched from every node. How long it takes
/// until a watcher is told that somebody came, on the node of who came and on the others, and what that costs.
/// </summary>
internal static class PresenceScenario
{
    private const int Users = 6_000;
    private const int GroupSize = 100;
    private const int GroupsOfWatchers = 5; // a socket watches at most 500 users
    private const double CycleSeconds = 40; // who has gone counts as there for 30 s more
    private const double Seconds = 60;
    private const double StartSeconds = 120;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var cluster = new ServerCluster(options, options.Nodes);
        using var loop = new LoadLoop(cluster.Addresses);
        Console.Error.WriteLine("presence: making users and groups");
        var (tokens, watch) = Prepare(loop, cluster, options.Sockets ?? Users);
        Console.Error.WriteLine("presence: warming up, which takes two cycles");
        var coming = new ComingAndGoing(loop, tokens, watch, CycleSeconds);
        coming.RunFor(2 * CycleSeconds);
        for (var run = 1; run <= options.Runs; run++)
        {
            Console.Error.WriteLine($"presence: run {run}");
            coming.Begin();
            var usage = new Usage(cluster);
            coming.RunFor(options.Seconds ?? Seconds);
            usage.Stop();
            var result = new RunResult("presence", run)
                .With("users", tokens.Count)
                .With("changes_per_s", coming.Changes / usage.Seconds)
                .With("told_per_s", coming.Told / usage.Seconds)
                .With("same_node_p50_ms", coming.Here.Milliseconds(.5), 1)
                .With("same_node_p99_ms", coming.Here.Milliseconds(.99), 1)
                .With("other_node_p50_ms", coming.There.Milliseconds(.5), 1)
                .With("other_node_p99_ms", coming.There.Milliseconds(.99), 1)
                .With("other_node_max_ms", coming.There.Milliseconds(1), 1)
                .With("server_cpu_s_per_1000_changes", usage.ServerCpu / Math.Max(1, coming.Changes) * 1000, 3)
                .WithFault("not_told_within_2_s", coming.Late);
            var complaints = cluster.TakeComplaints();
            result
                .WithFault("watchers_closed", watch.Watchers.Count(watcher => watcher.Failure is not null))
                .WithFault("errors", watch.Watchers.Sum(watcher => watcher.Faults.Errors))
                .WithFault("server_complaints", complaints.Count);
            result.Faults.AddRange(complaints.Distinct().Take(3));
            report.Add(result);
        }
    }

    /// <summary>Users whom nobody has seen leave yet, by their ids, and who watches whom.</summary>
    private static (IReadOnlyList<(string Token, string User)> Users, Watch Watch) Prepare(LoadLoop loop, ServerCluster cluster, int count)
    {
        var nodes = cluster.Addresses.Length;
        var sessions = Lobby.LogIn(loop, cluster.Key, 0, count);
        var watchers = new List<ChatSession>();
        using var http = new HttpApi(cluster.Addresses[0]);
        foreach (var watched in sessions.Chunk((GroupSize - nodes) * GroupsOfWatchers))
        {
            var team = Enumerable.Range(0, nodes).Select(node => Open(loop, cluster, count + watchers.Count + node, node)).ToArray();
            Require(loop.RunUntil(() => team.All(w => w.IsReady), StartSeconds), "a watcher's log-in");
            foreach (var group in watched.Chunk(GroupSize - nodes))
            {
                http.CreateGroup(team[0].Token, "watched", team.Skip(1).Concat(group).Select(s => s.UserId));
            }

            Array.ForEach(team, watcher => watcher.Watch(watched.Select(s => s.UserId)));
            Require(loop.RunUntil(() => team.All(w => w.IsWatching), StartSeconds), "a watcher to watch");
            watchers.AddRange(team);
        }

        Array.ForEach(sessions, session => session.Close());

        return ([.. sessions.Select(s => (s.Token, s.UserId))], new Watch(watchers, nodes));
    }

    private static ChatSession Open(LoadLoop loop, ServerCluster cluster, int number, int node)
    {
        var session = new ChatSession(loop, number, cluster.Key.Token($"w{number}", "bench"));
        loop.Open(session, node);
        return session;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new BenchmarkException($"{StartSeconds} s passed without {what}");
        }
    }

    /// <param name="Watchers">The first is on the first node, and so on.</param>
    /// <param name="Nodes">How many there are.</param>
    internal sealed record Watch(IReadOnlyList<ChatSession> Watchers, int Nodes);
}
