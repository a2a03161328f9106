namespace ChatAkka.Gateway.Connections;

// What a connection's actor is told by its own read loop, by the sweeper and by itself. Frames come as Protocol.Frames.ClientFrame.

/// <summary>A burst of messages has been handled: what it wrote goes out.</summary>
internal sealed class FlushDue
{
    public static readonly FlushDue Instance = new();
}

/// <summary>The pipe takes more again, or is broken.</summary>
internal sealed class FlushCompleted
{
    public static readonly FlushCompleted Instance = new();
}

/// <summary>A second has passed and the connection has something with a deadline.</summary>
internal sealed class DeadlinesDue
{
    public static readonly DeadlinesDue Instance = new();
}

/// <summary>No frame has come for too long.</summary>
internal sealed class HeartbeatMissed
{
    public static readonly HeartbeatMissed Instance = new();
}

/// <summary>The read loop has ended; nothing follows from it.</summary>
internal sealed class InputEnded
{
    public static readonly InputEnded Instance = new();
}

/// <summary>The client sent a ping.</summary>
internal sealed record PingReceived(byte[] Payload);

/// <summary>The client sent a close frame.</summary>
internal sealed record PeerClosed(byte[] Payload);

/// <summary>The connection must close: the client broke a rule of the transport, or the node is going away.</summary>
internal sealed record CloseSocket(Protocol.CloseCode Code);
