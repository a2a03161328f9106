using Benchmarks.Server.Chat;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Scenarios;

/// <summary>Lets each session say that it is there once every so many seconds, one after the other.</summary>
internal sealed class Pulse(LoadLoop loop, IReadOnlyList<ChatSession> sessions, double every)
{
    /// <summary>Heartbeats sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Beats for so long.</summary>
    public void Beat(double seconds)
    {
        var (start, before) = (Clock.Now, Sent);
        for (var passed = 0.0; passed < seconds; passed = Clock.Seconds(start, Clock.Now))
        {
            for (var due = before + (long)(passed / every * sessions.Count); Sent < due; Sent++)
            {
                sessions[(int)(Sent % sessions.Count)].Heartbeat();
            }

            loop.RunFor(0.02);
        }
    }
}
