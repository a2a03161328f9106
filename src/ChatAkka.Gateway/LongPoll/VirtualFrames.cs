using System.Buffers.Binary;
using ChatAkka.Gateway.WebSockets.Framing;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>The client's part of the framing of a virtual socket: what a browser does for a real one.</summary>
internal static class VirtualFrames
{
    // Two bytes, a length of eight and a mask of four.
    private const int MaxHeader = 14;
    private const int Masked = 0x80;
    private const int MaskBytes = 4;

    /// <summary>Text frames, one after the other. Their mask is zero, which changes nothing.</summary>
    public static byte[] FromClient(params ReadOnlySpan<ReadOnlyMemory<byte>> payloads)
    {
        var size = 0;
        foreach (var payload in payloads)
        {
            size += MaxHeader + payload.Length;
        }

        var frames = new byte[size];
        var end = 0;
        foreach (var payload in payloads)
        {
            end += WriteHeader(frames.AsSpan(end), payload.Length);
            payload.Span.CopyTo(frames.AsSpan(end));
            end += payload.Length;
        }

        return frames[..end];
    }

    /// <summary>Takes the first of whole frames that a server made, and moves on.</summary>
    public static ReadOnlySpan<byte> TakeFromServer(ref ReadOnlySpan<byte> frames, out Opcode opcode)
    {
        opcode = (Opcode)(frames[0] & 0x0F);
        var (header, length) = frames[1] switch
        {
            126 => (4, BinaryPrimitives.ReadUInt16BigEndian(frames[2..])),
            127 => (10, (int)BinaryPrimitives.ReadUInt64BigEndian(frames[2..])),
            var small => (2, small),
        };
        var payload = frames.Slice(header, length);
        frames = frames[(header + length)..];
        return payload;
    }

    private static int WriteHeader(Span<byte> header, int payload)
    {
        header[0] = 0x80 | (byte)Opcode.Text;
        switch (payload)
        {
            case <= 125:
                header[1] = (byte)(Masked | payload);
                return 2 + MaskBytes;
            case <= ushort.MaxValue:
                header[1] = Masked | 126;
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)payload);
                return 4 + MaskBytes;
            default:
                header[1] = Masked | 127;
                BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)payload);
                return 10 + MaskBytes;
        }
    }
}
