using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Sessions;

/// <summary>What is to be done about the connection's life.</summary>
internal enum Beat
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Say that the client is there.</summary>
    Say,

    /// <summary>Say it and ask for an answer: the server has been silent.</summary>
    Ask,

    /// <summary>The server didn't answer in time.</summary>
    GiveUp,
}

/// <summary>When the client shows that it is there, and when it takes the server for dead. Guarded by its client.</summary>
internal sealed class Heartbeat
{
    private TimeSpan _interval;
    private TimeSpan _timeout;
    private TimeSpan _heardAt;
    private bool _wasHeard;

    /// <summary>When to look again; null while there is no session.</summary>
    public TimeSpan? DueAt { get; private set; }

    public void Begin(SessionWelcome welcome, TimeSpan now)
    {
        (_interval, _timeout) = (TimeSpan.FromMilliseconds(welcome.HeartbeatMs), TimeSpan.FromMilliseconds(welcome.TimeoutMs));
        (DueAt, _heardAt, _wasHeard) = (now + _interval, now, true);
    }

    public void End() => DueAt = null;

    /// <summary>Something came from the server, or the client begins to listen again.</summary>
    public void Heard(TimeSpan now) => (_heardAt, _wasHeard) = (now, true);

    /// <param name="isListening">The client reads what comes; otherwise silence means nothing.</param>
    public Beat Check(TimeSpan now, bool isListening)
    {
        if (DueAt is null || now < DueAt)
        {
            return Beat.None;
        }

        if (isListening && now - _heardAt >= _timeout)
        {
            return Beat.GiveUp;
        }

        var beat = _wasHeard ? Beat.Say : Beat.Ask;
        (DueAt, _wasHeard) = (now + _interval, false);
        return beat;
    }
}
