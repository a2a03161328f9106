using System.Buffers.Binary;

namespace Benchmarks.Server.Load;

/// <summary>WebSocket framing (RFC 6455) as far as a client of this server needs it: whole frames of less than 64 KiB out, any size
/// in.</summary>
internal static class WebSocketFrame
{
    public const byte Text = 1;
    public const byte Close = 8;
    public const byte Ping = 9;
    public const byte Pong = 10;

    /// <summary>Bytes to reserve in front of a payload.</summary>
    public const int MaxHeader = 8;

    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const int MaskLength = 4;

    /// <summary>
    /// Writes the header of a client's frame whose payload stands at <see cref="MaxHeader"/> and returns the frame's length.
    /// The mask is zero, so masking costs the client nothing; the server unmasks all the same.
    /// </summary>
    public static int Complete(Span<byte> frame, int payload, byte opcode)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload, ushort.MaxValue);
        var header = payload < 126 ? 2 + MaskLength : MaxHeader;
        if (header < MaxHeader)
        {
            frame.Slice(MaxHeader, payload).CopyTo(frame[header..]);
        }

        frame[..header].Clear();
        frame[0] = (byte)(Final | opcode);
        if (payload < 126)
        {
            frame[1] = (byte)(Masked | payload);
        }
        else
        {
            frame[1] = Masked | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payload);
        }

        return header + payload;
    }

    /// <summary>Reads a server's frame at the start of <paramref name="input"/>; false if it isn't complete yet.</summary>
    /// <param name="opcode">Zero if the frame is fragmented or masked, which this server's never are.</param>
    public static bool TryRead(ReadOnlySpan<byte> input, out byte opcode, out ReadOnlySpan<byte> payload, out int length)
    {
        opcode = 0;
        payload = default;
        length = 0;
        if (input.Length < 2)
        {
            return false;
        }

        var header = (input[1] & 0x7f) switch { 126 => 4, 127 => 10, _ => 2 };
        if (input.Length < header)
        {
            return false;
        }

        var size = header switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            10 => BinaryPrimitives.ReadInt64BigEndian(input[2..]),
            _ => input[1],
        };
        if (input.Length - header < size)
        {
            return false;
        }

        opcode = (input[0] & 0xf0) == Final && input[1] < Masked ? (byte)(input[0] & 0x0f) : (byte)0;
        payload = input.Slice(header, (int)size);
        length = header + (int)size;
        return true;
    }
}
