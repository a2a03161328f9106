using ChatAkka.Protocol;

namespace ChatAkka.Gateway.Connections;

/// <summary>How far a connection's actor is.</summary>
internal enum ConnectionPhase
{
    /// <summary>The client is to say who it is.</summary>
    AwaitingHello,

    /// <summary>The store is asked who that is.</summary>
    Authenticating,

    /// <summary>The device is sent what it missed.</summary>
    Syncing,

    /// <summary>Requests are served.</summary>
    Serving,

    /// <summary>A close frame was written, or there is nobody to write one to.</summary>
    Closing,
}

/// <summary>
/// The waits of one connection that its actor must put an end to. They are looked at once a second. A mutable struct, because every
/// connection has one: keep it in a field.
/// </summary>
/// <param name="openedAt">Timestamp of the end of the handshake.</param>
internal struct ConnectionDeadlines(long openedAt)
{
    /// <summary>How long an open session may be without its user's actor.</summary>
    public const int AttachTimeoutMs = ProtocolLimits.TimeoutMs;

    private const long Unset = long.MinValue;

    private long _since = openedAt;
    private long _stalledSince = Unset;

    /// <summary>When the phase began, or what it waits for moved on last.</summary>
    public readonly long Since => _since;

    /// <summary>A phase has begun, or what it waits for has moved on.</summary>
    public void Entered(long now) => _since = now;

    /// <summary>The client reads.</summary>
    public void Flushed() => _stalledSince = Unset;

    /// <summary>The code to close with, if something took too long.</summary>
    /// <param name="isFlushing">The client hasn't read everything.</param>
    /// <param name="lostSince">Since when the session has heard nothing of its user's actor, which it lost; null if it has one.</param>
    public CloseCode? Missed(ConnectionPhase phase, bool isFlushing, long? lostSince, long now, ConnectionServices services)
    {
        var waited = now - _since;
        switch (phase)
        {
            case ConnectionPhase.AwaitingHello when waited > services.Ticks(ProtocolLimits.HelloTimeoutMs):
                return CloseCode.Unauthorized;
            case ConnectionPhase.Authenticating or ConnectionPhase.Syncing when waited > services.Ticks(ProtocolLimits.TimeoutMs):
                return CloseCode.InternalError;
            case ConnectionPhase.Serving when now - lostSince > services.Ticks(AttachTimeoutMs):
                return CloseCode.ServiceRestart;
        }

        if (!isFlushing)
        {
            return null;
        }

        if (_stalledSince == Unset)
        {
            _stalledSince = now;
        }

        return now - _stalledSince > services.Ticks(ProtocolLimits.TimeoutMs) ? CloseCode.TooSlow : null;
    }
}
