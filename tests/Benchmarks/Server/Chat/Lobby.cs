using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Chat;

/// <summary>Logs users in.</summary>
internal static class Lobby
{
    private const int Parallel = 64;
    private const double TimeoutSeconds = 300;

    /// <summary>Opens sessions of users, some at a time, until all are ready.</summary>
    /// <param name="from">The first user's number.</param>
    /// <param name="to">The number after the last user's.</param>
    /// <param name="server">The place of the server for whoever has this token; by default one after the other.</param>
    /// <exception cref="BenchmarkException">One of them failed, or it took too long.</exception>
    public static ChatSession[] LogIn(LoadLoop loop, IntegratorKey key, int from, int to, int parallel = Parallel, Func<string, int>? server = null)
    {
        var sessions = new List<ChatSession>(to - from);
        var pending = new List<ChatSession>(parallel);
        var done = loop.RunUntil(
            () =>
            {
                pending.RemoveAll(session => session.IsReady);
                if (pending.Find(session => session.Failure is not null) is { } failed)
                {
                    throw new BenchmarkException($"the log-in of user {failed.Number} failed: {failed.Failure}");
                }

                while (pending.Count < parallel && sessions.Count < to - from)
                {
                    var number = from + sessions.Count;
                    var session = new ChatSession(loop, number, key.Token($"u{number}", "bench"));
                    if (server is null)
                    {
                        loop.Open(session);
                    }
                    else
                    {
                        loop.Open(session, server(session.Token));
                    }

                    pending.Add(session);
                    sessions.Add(session);
                }

                return pending.Count == 0;
            },
            TimeoutSeconds);
        return done
            ? [.. sessions]
            : throw new BenchmarkException($"{sessions.Count - pending.Count} of {to - from} users logged in within {TimeoutSeconds} s");
    }
}
