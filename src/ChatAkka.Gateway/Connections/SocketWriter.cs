using Akka.Actor;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// What a connection's actor writes with: encodes frames into one buffer a thread, hands them to <see cref="Outbound"/>, and sees to it
/// that a burst of messages is flushed once: after the first frame of a burst the actor tells itself to flush, behind what waits already.
/// </summary>
internal sealed class SocketWriter
{
    [ThreadStatic]
    private static FrameWriter? _encoder;

    private readonly Outbound _outbound;
    private readonly IActorRef _self;
    private bool _flushDue;
    private bool _refused;

    public SocketWriter(Connection connection, int limit, IActorRef self)
    {
        _self = self;
        _outbound = new Outbound(connection.Transport, limit, () => self.Tell(FlushCompleted.Instance, ActorRefs.NoSender));
    }

    /// <summary>Encodes a frame; its content is written to the socket by <see cref="Send"/> before anything else is begun.</summary>
    public static FrameWriter Encoder
    {
        get
        {
            var encoder = _encoder ??= new FrameWriter();
            encoder.Clear();
            return encoder;
        }
    }

    /// <summary>A frame didn't fit any more: the client doesn't read.</summary>
    public bool Overflowed => _refused;

    /// <summary>The other end is gone.</summary>
    public bool IsBroken => _outbound.IsBroken;

    /// <summary>The client hasn't yet read what was written.</summary>
    public bool IsFlushing => _outbound.IsFlushing;

    /// <summary>What is written now belongs to the opening sync and doesn't count against the limit.</summary>
    public bool IsSyncing { get; set; } = true;

    /// <summary>Writes the frame that was encoded last.</summary>
    public void Send(FrameWriter encoded) => Write(WebSocketFrame.Text(encoded));

    /// <summary>Writes a frame that has its header already.</summary>
    public void Write(ReadOnlySpan<byte> frame)
    {
        _refused |= !_outbound.Write(frame, IsSyncing);
        ScheduleFlush();
    }

    /// <summary>Writes a frame that many sockets share.</summary>
    public void WriteShared(ReadOnlyMemory<byte> frame)
    {
        _refused |= !_outbound.WriteShared(frame, IsSyncing);
        ScheduleFlush();
    }

    /// <summary>Writes an error.</summary>
    public void Error(string? reference, ErrorCode code, string? detail = null, long retryMs = 0)
    {
        var encoder = Encoder;
        ServerFrameEncoder.Error(encoder, reference, code, detail, retryMs);
        Send(encoder);
    }

    /// <summary>Writes a close frame, the last of all, and lets it go out at once.</summary>
    /// <param name="drop">What waits is forgotten first.</param>
    public void Close(ReadOnlySpan<byte> frame, bool drop)
    {
        if (drop)
        {
            _outbound.DropWaiting();
        }

        _outbound.Write(frame, exempt: true);
        _outbound.Flush();
    }

    /// <summary>The flush that was due.</summary>
    public void Flush()
    {
        _flushDue = false;
        _outbound.Flush();
    }

    /// <summary>The transport takes more again.</summary>
    public void CompleteFlush() => _outbound.FlushCompleted();

    private void ScheduleFlush()
    {
        if (!_flushDue && !_outbound.IsFlushing)
        {
            _flushDue = true;
            _self.Tell(FlushDue.Instance, ActorRefs.NoSender);
        }
    }
}
