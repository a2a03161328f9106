using System.Net.Sockets;
using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>E <c>login</c>: from just before the server's process is made until a session is logged in. The first start, which creates
/// the store, is told apart.</summary>
internal static class LoginScenario
{
    private const double TimeoutSeconds = 60;
    private const double RetrySeconds = 0.003;

    public static void Run(ServerBenchmarkOptions options, Report report)
    {
        using var host = new ServerHost(options);
        var first = Measure(host);
        for (var run = 1; run <= options.Runs; run++)
        {
            var again = Measure(host);
            var result = new RunResult("login", run).With("start_to_login_ms", again);
            if (run == 1)
            {
                result.With("first_start_to_login_ms", first);
            }

            report.Add(result);
        }
    }

    private static double Measure(ServerHost host)
    {
        Console.Error.WriteLine("login: starting the server");
        var server = host.Launch();
        using var loop = new LoadLoop(server.Address);
        while (Clock.Seconds(server.StartedAt, Clock.Now) < TimeoutSeconds)
        {
            var session = new ChatSession(loop, 0, host.Key.Token("u0", "bench"));
            if (TryOpen(loop, session))
            {
                loop.RunUntil(() => session.IsReady || session.Failure is not null, TimeoutSeconds);
                if (session.IsReady)
                {
                    return Clock.Seconds(server.StartedAt, Clock.Now) * 1000;
                }
            }

            server.ThrowIfEnded();
            loop.RunFor(RetrySeconds);
        }

        throw new BenchmarkException($"no log-in within {TimeoutSeconds} s\n{server.Output.Tail}");
    }

    private static bool TryOpen(LoadLoop loop, ChatSession session)
    {
        try
        {
            loop.Open(session);
            return true;
        }
        catch (SocketException)
        {
            session.Dispose();
            return false; // nobody listens yet
        }
    }
}
