using System.Buffers.Binary;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.WebSockets.Framing;

/// <summary>The opcodes of RFC 6455.</summary>
internal enum Opcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>Makes the frames that a server sends: unmasked and never fragmented.</summary>
internal static class WebSocketFrame
{
    /// <summary>Bytes that a control frame may carry.</summary>
    public const int MaxControlPayload = 125;

    private const byte Final = 0x80;

    /// <summary>Puts the header into the writer's headroom; the result is valid until the writer is used again.</summary>
    public static ReadOnlySpan<byte> Text(FrameWriter writer)
    {
        var buffer = writer.WithHeadroom;
        var payload = buffer.Length - FrameWriter.Headroom;
        var header = payload <= 125 ? 2 : payload <= ushort.MaxValue ? 4 : 10;
        var frame = buffer[(FrameWriter.Headroom - header)..];
        frame[0] = Final | (byte)Opcode.Text;
        switch (header)
        {
            case 2:
                frame[1] = (byte)payload;
                break;
            case 4:
                frame[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payload);
                break;
            default:
                frame[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame[2..], (ulong)payload);
                break;
        }

        return frame;
    }

    /// <summary>A ping, pong or close frame.</summary>
    public static byte[] Control(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[2 + payload.Length];
        frame[0] = (byte)(Final | (byte)opcode);
        frame[1] = (byte)payload.Length;
        payload.CopyTo(frame.AsSpan(2));
        return frame;
    }

    /// <summary>A close frame with a reason; the code's own unless another is given.</summary>
    public static byte[] Close(CloseCode code, string? reason = null)
    {
        Span<byte> payload = stackalloc byte[64];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        var length = System.Text.Encoding.ASCII.GetBytes(reason ?? CloseCodes.Reason(code), payload[2..]);
        return Control(Opcode.Close, payload[..(2 + length)]);
    }
}
