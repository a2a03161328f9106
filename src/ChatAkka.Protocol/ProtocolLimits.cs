namespace ChatAkka.Protocol;

/// <summary>The limits that are part of the protocol itself; what an operator can set is configuration, not here.</summary>
public static class ProtocolLimits
{
    /// <summary>The WebSocket sub-protocol.</summary>
    public const string SubProtocol = "chatakka.v1";

    /// <summary>Bytes of the JSON of one WebSocket message, in either direction from a client.</summary>
    public const int MaxFrameBytes = 1024 * 1024;

    /// <summary>Bytes of the body of an HTTP request that brings no message.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Bytes of the body of an HTTP request that sends a message or posts frames: what fits in a frame fits.</summary>
    public const int MaxMessageBodyBytes = MaxFrameBytes;

    /// <summary>Frames of one <c>POST /v1/sync</c>.</summary>
    public const int MaxPostedFrames = 100;

    /// <summary>How long a <c>GET /v1/sync</c> may wait, and waits unless the request says otherwise, in milliseconds.</summary>
    public const int MaxPollMs = 30_000;

    /// <summary>Objects and arrays inside each other in one frame.</summary>
    public const int MaxDepth = 64;

    /// <summary>Code points of a <c>ref</c>.</summary>
    public const int MaxRefLength = 64;

    /// <summary>Code points of a <c>client_id</c>; it has at least one.</summary>
    public const int MaxClientIdLength = 64;

    /// <summary>Code points of a message's text; it has at least one.</summary>
    public const int MaxTextLength = 100_000;

    /// <summary>Users that one message may mention.</summary>
    public const int MaxMentions = 100;

    /// <summary>Messages of a history page unless the request says otherwise.</summary>
    public const int DefaultHistoryLimit = 50;

    /// <summary>Messages of the largest history page.</summary>
    public const int MaxHistoryLimit = 200;

    /// <summary>How often a client sends a heartbeat, in milliseconds.</summary>
    public const int HeartbeatMs = 5_000;

    /// <summary>After this long without any frame the server closes the socket, in milliseconds.</summary>
    public const int TimeoutMs = 30_000;

    /// <summary>The first frame must have come within this time, in milliseconds.</summary>
    public const int HelloTimeoutMs = 10_000;
}
