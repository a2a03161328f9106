using Akka.Actor;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// What a connection's actor writes with: encodes frames into one buffer a thread, puts them <see cref="Outbound"/>, and sees to it
/// that a burst of messages is flushed once: after the first frame of a burst the actor tells itself to flush, behind what waits already.
/// </summary>
internal sealed class SocketWriter(Connection connection, int limit, IActorRef self) : Outbound(connection.Transport, limit)
{
    [ThreadStatic]
    private static FrameWriter? _encoder;

    private bool _flushDue;

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
    public bool Overflowed { get; private set; }

    /// <summary>What is written now belongs to the opening sync and doesn't count against the limit.</summary>
    public bool IsSyncing { get; set; } = true;

    /// <summary>Writes the frame that was encoded last.</summary>
    public void Send(FrameWriter encoded) => Write(WebSocketFrame.Text(encoded));

    /// <summary>Writes a frame that has its header already.</summary>
    public void Write(ReadOnlySpan<byte> frame)
    {
        Overflowed |= !TryWrite(frame, IsSyncing);
        ScheduleFlush();
    }

    /// <summary>Writes a frame that many sockets share.</summary>
    public void WriteShared(ReadOnlyMemory<byte> frame)
    {
        Overflowed |= !TryWriteShared(frame, IsSyncing);
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
            DropWaiting();
        }

        TryWrite(frame, exempt: true);
        Flush();
    }

    /// <summary>The burst has ended: what it wrote goes out.</summary>
    public void FlushBurst()
    {
        _flushDue = false;
        Flush();
    }

    /// <inheritdoc/>
    protected override void OnFlushed() => self.Tell(FlushCompleted.Instance, ActorRefs.NoSender);

    private void ScheduleFlush()
    {
        if (!_flushDue && !IsFlushing)
        {
            _flushDue = true;
            self.Tell(FlushDue.Instance, ActorRefs.NoSender);
        }
    }
}
