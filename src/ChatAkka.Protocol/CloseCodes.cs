namespace ChatAkka.Protocol;

/// <summary>Why a WebSocket was closed: those of RFC 6455 that are used, and the protocol's own from 4400 on.</summary>
public enum CloseCode : ushort
{
    /// <summary>Either side has finished.</summary>
    Normal = 1000,

    /// <summary>The node is going away.</summary>
    GoingAway = 1001,

    /// <summary>The client broke RFC 6455 (an unmasked frame, a reserved bit, …).</summary>
    ProtocolError = 1002,

    /// <summary>No close frame came; never on the wire.</summary>
    Abnormal = 1006,

    /// <summary>A text message isn't UTF-8.</summary>
    InvalidUtf8 = 1007,

    /// <summary>A frame, or the sum of a message's fragments, is over <see cref="ProtocolLimits.MaxFrameBytes"/>.</summary>
    FrameTooLarge = 1009,

    /// <summary>A fault of the server.</summary>
    InternalError = 1011,

    /// <summary>The session must be opened again, on this node or another.</summary>
    ServiceRestart = 1012,

    /// <summary>Not JSON, not an object, no <c>op</c>, or a binary frame.</summary>
    BadFrame = 4400,

    /// <summary>No valid token, or no <c>hello</c> in time.</summary>
    Unauthorized = 4401,

    /// <summary>The device's session was revoked.</summary>
    Revoked = 4403,

    /// <summary>Nothing came from the client for <see cref="ProtocolLimits.TimeoutMs"/>.</summary>
    HeartbeatTimeout = 4408,

    /// <summary>The same device connected again.</summary>
    Replaced = 4409,

    /// <summary>The client doesn't read fast enough; with the reason <c>rate_limited</c>, it went on sending over its rate, or its account
    /// has too many sockets.</summary>
    TooSlow = 4429,
}

/// <summary>What a close code means to a client.</summary>
public static class CloseCodes
{
    /// <summary>Whether a client comes back by itself, with back-off and jitter; otherwise it needs a person or a new token.</summary>
    public static bool ComesBack(CloseCode code) => code
        is CloseCode.GoingAway or CloseCode.Abnormal or CloseCode.InternalError or CloseCode.ServiceRestart
        or CloseCode.HeartbeatTimeout or CloseCode.TooSlow;

    /// <summary>The reason that goes into the close frame.</summary>
    public static string Reason(CloseCode code) => code switch
    {
        CloseCode.Normal => "",
        CloseCode.GoingAway => "going_away",
        CloseCode.ProtocolError => "protocol_error",
        CloseCode.InvalidUtf8 => "invalid_utf8",
        CloseCode.FrameTooLarge => "frame_too_large",
        CloseCode.InternalError => "internal",
        CloseCode.ServiceRestart => "service_restart",
        CloseCode.BadFrame => "bad_frame",
        CloseCode.Unauthorized => "unauthorized",
        CloseCode.Revoked => "revoked",
        CloseCode.HeartbeatTimeout => "heartbeat_timeout",
        CloseCode.Replaced => "replaced",
        CloseCode.TooSlow => "too_slow",
        _ => "",
    };
}
