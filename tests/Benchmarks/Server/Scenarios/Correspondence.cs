using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>A direct channel that one user filled while the other was away.</summary>
/// <param name="Token">The writer's.</param>
/// <param name="Channel">Its id.</param>
/// <param name="First">Id of the first message; the others' follow without a gap.</param>
/// <param name="Count">Messages.</param>
internal sealed record Correspondence(string Token, string Channel, long First, int Count)
{
    private const int Window = 512;
    private const double StallSeconds = 10;

    /// <summary>Sends messages as fast as the server acknowledges them.</summary>
    /// <param name="result">Gets the faults.</param>
    /// <exception cref="BenchmarkException">The server stopped acknowledging.</exception>
    public static Correspondence Write(ServerProcess server, IntegratorKey key, int writer, int reader, int count, RunResult result)
    {
        using var loop = new LoadLoop(server.Address);
        var session = Lobby.LogIn(loop, key, writer, writer + 1)[0];
        session.SendToUser(UserIdOf(server, key, reader));
        session.Sink = new Refill(count);
        for (var i = 0; i < Math.Min(Window, count); i++)
        {
            session.Send();
        }

        bool IsOver() => session.Acknowledged.Received == count || session.Failure is not null;
        for (var before = -1L; !IsOver() && before < session.Acknowledged.Received;)
        {
            before = session.Acknowledged.Received;
            if (!loop.RunUntil(IsOver, StallSeconds))
            {
                Console.Error.WriteLine($"history: {session.Acknowledged.Received:N0} messages");
            }
        }

        SessionFaults.AddTo(result, [session], server);
        return session.Acknowledged.Received == count
            ? new Correspondence(session.Token, session.Channel, session.Ids.LowestAnswer, count)
            : throw new BenchmarkException(
                $"{session.Acknowledged.Received:N0} of {count:N0} messages were acknowledged; {string.Join("; ", result.Faults)}");
    }

    private static string UserIdOf(ServerProcess server, IntegratorKey key, int user)
    {
        using var loop = new LoadLoop(server.Address);
        return Lobby.LogIn(loop, key, user, user + 1)[0].UserId;
    }

    /// <summary>Every acknowledged message makes room for the next.</summary>
    private sealed class Refill(int count) : ITrafficSink
    {
        public void OnAcknowledged(ChatSession sender, long number)
        {
            if (sender.Sent < count)
            {
                sender.Send();
            }
        }

        public void OnMessage(ChatSession recipient, int sender, long number) =>
            throw new InvalidOperationException("a message came to the only one who writes");
    }
}
