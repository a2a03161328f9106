using System.Globalization;
using Benchmarks.Server.Hosting;

namespace Benchmarks.Server;

/// <summary>The command line of <c>server</c>. What is null has a default of its own in each test.</summary>
internal sealed record ServerBenchmarkOptions
{
    public const string Usage = """
        server [pairs|latency|group|memory|login|heartbeats|resume|history|nodes|idle|presence|all]...
          pairs     200 sockets in pairs, each keeps 16 messages of 100 bytes in flight to the other: throughput
          latency   the same sockets at 500 messages a second in all: latency from when a message was due
          group     a room of 100, one member keeps 4 messages in flight to all
          memory    resident memory of 5,000 more users who are logged in and idle
          login     from starting the process to the first complete log-in
          heartbeats  15,000 connections that only send a heartbeat every 5 s
          resume    1,000 devices that come back at once, with 50 channels each
          history   a channel of 1,000,000 messages: bytes on disk, opening it, pages at random positions, untouched and edited
          nodes     pairs, latency and group on one node, on two, … on PostgreSQL, warmed up: what several nodes give and cost
          idle      nodes that are started together: how soon they are a cluster, and what it costs when nothing happens, on PostgreSQL
          presence  6,000 users who come for a second every 40 s, each watched from every node, on PostgreSQL
          --seconds N     measured seconds (pairs, latency, group, heartbeats, presence, idle)
          --sockets N     sockets (pairs, latency, heartbeats), members (group), users (presence)
          --nodes N       nodes at most (nodes), nodes (idle, presence); 3
          --window N      messages in flight (pairs, group)
          --rate N        messages a second (latency)
          --count N       users (memory)
          --heartbeat N   seconds between a session's heartbeats; none by default (memory); 5 (heartbeats)
          --events N      messages in the channel (history)
          --runs N        runs of each test; the table shows medians (3)
          --postgres      the server stores in a fresh database of the PostgreSQL server that CHATAKKA_POSTGRES names
          --json FILE     also writes every run as a line of JSON
          --server FILE   another build's ChatAkka.Server.dll
        """;

    public static readonly string[] AllTests = ["login", "memory", "latency", "group", "pairs", "heartbeats", "resume", "history"];

    /// <summary>Those that take a PostgreSQL server, and are run only when they are named.</summary>
    public static readonly string[] ClusterTests = ["nodes", "idle", "presence"];

    public required IReadOnlyCollection<string> Tests { get; init; }

    public required string Server { get; init; }

    public double? Seconds { get; init; }

    public int? Sockets { get; init; }

    public int? Window { get; init; }

    public int Rate { get; init; } = 500;

    public int Count { get; init; } = 5_000;

    public double Heartbeat { get; init; }

    public int Events { get; init; } = 1_000_000;

    public int Runs { get; init; } = 3;

    public int Nodes { get; init; } = 3;

    /// <summary>The server stores on PostgreSQL instead of SQLite.</summary>
    public bool Postgres { get; init; }

    public string? Json { get; init; }

    /// <exception cref="FormatException">The arguments make no sense; the message says which.</exception>
    /// <exception cref="BenchmarkException">The server isn't built.</exception>
    public static ServerBenchmarkOptions Parse(ReadOnlySpan<string> arguments)
    {
        var tests = new List<string>();
        var settings = new Dictionary<string, string>();
        var postgres = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument == "--postgres")
            {
                postgres = true;
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal) && i + 1 < arguments.Length)
            {
                settings[argument] = arguments[++i];
            }
            else if (argument == "all" || AllTests.Contains(argument) || ClusterTests.Contains(argument))
            {
                tests.AddRange(argument == "all" ? AllTests : [argument]);
            }
            else
            {
                throw new FormatException($"'{argument}' is not a test");
            }
        }

        int? Number(string name, int least = 1) => settings.Remove(name, out var value) ? Parse(name, value, least) : null;
        var options = new ServerBenchmarkOptions
        {
            Tests = tests.Count == 0 ? AllTests : tests,
            Seconds = Number("--seconds"),
            Sockets = Number("--sockets", least: 2),
            Window = Number("--window"),
            Rate = Number("--rate") ?? 500,
            Count = Number("--count") ?? 5_000,
            Heartbeat = Number("--heartbeat", least: 0) ?? 0,
            Events = Number("--events", least: 1_000) ?? 1_000_000,
            Runs = Number("--runs") ?? 3,
            Nodes = Number("--nodes") ?? 3,
            Postgres = postgres,
            Json = settings.Remove("--json", out var json) ? json : null,
            Server = settings.Remove("--server", out var server) ? server : ServerBinary.Find(),
        };
        if (options.Sockets % 2 == 1 && options.Tests.Any(test => test is "pairs" or "latency" or "nodes"))
        {
            throw new FormatException("--sockets must be even: they talk in pairs");
        }

        return settings.Count == 0 ? options : throw new FormatException($"'{settings.Keys.First()}' is not an option");
    }

    private static int Parse(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{name} takes a whole number of at least {least}");
}
