using ChatAkka.Client.Sockets;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Sessions;

/// <summary>When the client shows that it is there, and when it takes the server for dead. Guarded by its client.</summary>
internal sealed class Heartbeat
{
    private TimeSpan _interval;
    private TimeSpan _timeout;
    private bool _wasHeard;

    /// <summary>When to look again; null while there is no session.</summary>
    public TimeSpan? DueAt { get; private set; }

    /// <summary>When something came from the server the last time, or the client began to listen again.</summary>
    public TimeSpan HeardAt { get; private set; }

    public void Begin(SessionWelcome welcome, TimeSpan now)
    {
        (_interval, _timeout) = (TimeSpan.FromMilliseconds(welcome.HeartbeatMs), TimeSpan.FromMilliseconds(welcome.TimeoutMs));
        (DueAt, HeardAt, _wasHeard) = (now + _interval, now, true);
    }

    public void End() => DueAt = null;

    /// <summary>Something came from the server, or the client begins to listen again.</summary>
    public void Heard(TimeSpan now) => (HeardAt, _wasHeard) = (now, true);

    /// <summary>Does what is due: shows that the client is there, asks a server that has been silent, gives one up that didn't
    /// answer.</summary>
    /// <param name="isListening">The client reads what comes; otherwise silence means nothing.</param>
    public void Beat(TimeSpan now, bool isListening, Link link, Outgoing outgoing)
    {
        if (DueAt is null || now < DueAt)
        {
            return;
        }

        if (isListening && now - HeardAt >= _timeout)
        {
            End();
            link.Abort(CloseCode.HeartbeatTimeout);
            return;
        }

        if (link.HasRoom) // without room, what waits there shows that the client is there
        {
            outgoing.Heartbeat(link, isAnswered: !_wasHeard);
        }

        (DueAt, _wasHeard) = (now + _interval, false);
    }
}
