using System.Buffers;

namespace Akka.Remote.Wire;

/// <summary>
/// The frame of an ordinary message, read and written without the generated classes: it is what links carry, and its parts are
/// in the receive buffer already. The bytes are those of <c>remote.proto</c>; a test compares.
/// </summary>
internal ref struct EnvelopeFrame
{
    /// <summary>The first byte of such a frame: field 4 of <c>Frame</c>.</summary>
    public const byte FrameTag = (4 << 3) | 2;

    public ReadOnlySpan<byte> To;
    public uint ToNumber;
    public ReadOnlySpan<byte> From;
    public uint FromNumber;
    public int Serializer;
    public ReadOnlySpan<byte> Manifest;
    public uint ManifestNumber;
    public ReadOnlySpan<byte> Payload;

    /// <summary>Appends the frame.</summary>
    public readonly void Write(ArrayBufferWriter<byte> writer)
    {
        var zigzag = (uint)((Serializer << 1) ^ (Serializer >> 31));
        var length = SizeOf(To) + SizeOf(ToNumber) + SizeOf(From) + SizeOf(FromNumber) + SizeOf(zigzag)
            + SizeOf(Manifest) + SizeOf(ManifestNumber) + SizeOf(Payload);
        var buffer = writer.GetSpan(length + 6);
        buffer[0] = FrameTag;
        var at = 1 + WriteVarint(buffer[1..], (uint)length);
        at += Write(buffer[at..], 1, To);
        at += Write(buffer[at..], 2, ToNumber);
        at += Write(buffer[at..], 3, From);
        at += Write(buffer[at..], 4, FromNumber);
        at += Write(buffer[at..], 5, zigzag);
        at += Write(buffer[at..], 6, Manifest);
        at += Write(buffer[at..], 7, ManifestNumber);
        at += Write(buffer[at..], 8, Payload);
        writer.Advance(at);
    }

    /// <summary>Reads a frame that begins with <see cref="FrameTag"/>; false if it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out EnvelopeFrame envelope)
    {
        envelope = default;
        frame = frame[1..];
        if (!TryReadBytes(ref frame, out var rest) || !frame.IsEmpty)
            return false;
        while (!rest.IsEmpty)
        {
            if (!TryReadVarint(ref rest, out var tag))
                return false;
            switch (tag & 7)
            {
                case 0 when TryReadVarint(ref rest, out var number):
                    switch (tag >> 3)
                    {
                        case 2:
                            envelope.ToNumber = (uint)number;
                            break;
                        case 4:
                            envelope.FromNumber = (uint)number;
                            break;
                        case 5:
                            envelope.Serializer = (int)((uint)number >> 1) ^ -(int)(number & 1);
                            break;
                        case 7:
                            envelope.ManifestNumber = (uint)number;
                            break;
                    }

                    break;
                case 2 when TryReadBytes(ref rest, out var bytes):
                    switch (tag >> 3)
                    {
                        case 1:
                            envelope.To = bytes;
                            break;
                        case 3:
                            envelope.From = bytes;
                            break;
                        case 6:
                            envelope.Manifest = bytes;
                            break;
                        case 8:
                            envelope.Payload = bytes;
                            break;
                    }

                    break;
                case 1 when TrySkip(ref rest, sizeof(ulong)):
                case 5 when TrySkip(ref rest, sizeof(uint)):
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
            return false;
        rest = rest[count..];
        return true;
    }

    private static bool TryReadBytes(scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryReadVarint(ref rest, out var length) || length > (ulong)rest.Length)
            return false;
        bytes = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static int SizeOf(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? 0 : 1 + VarintSize((uint)bytes.Length) + bytes.Length;

    private static int SizeOf(uint value) => value == 0 ? 0 : 1 + VarintSize(value);

    private static int VarintSize(uint value) => (38 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    private static int Write(Span<byte> buffer, int field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        buffer[0] = (byte)((field << 3) | 2);
        var at = 1 + WriteVarint(buffer[1..], (uint)bytes.Length);
        bytes.CopyTo(buffer[at..]);
        return at + bytes.Length;
    }

    private static int Write(Span<byte> buffer, int field, uint value)
    {
        if (value == 0)
            return 0;
        buffer[0] = (byte)(field << 3);
        return 1 + WriteVarint(buffer[1..], value);
    }

    private static int WriteVarint(Span<byte> buffer, uint value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            buffer[at++] = (byte)(value | 0x80);
        buffer[at++] = (byte)value;
        return at;
    }
}
