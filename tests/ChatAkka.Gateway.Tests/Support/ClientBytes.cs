using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ChatAkka.Gateway.WebSockets.Framing;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>Makes the bytes that a client sends.</summary>
internal static class ClientBytes
{
    private static readonly byte[] Key = [0x37, 0xfa, 0x21, 0x3d];

    public static byte[] Text(string text) => Frame(Opcode.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Frame(Opcode opcode, ReadOnlySpan<byte> payload, bool final = true, bool masked = true, int reserved = 0)
    {
        var header = Header(opcode, (ulong)payload.Length, final, masked, reserved);
        var masking = payload.ToArray();
        for (var i = 0; masked && i < masking.Length; i++)
        {
            masking[i] ^= Key[i & 3];
        }

        return [.. header, .. masking];
    }

    /// <summary>A header that announces a payload, however long.</summary>
    public static byte[] Header(Opcode opcode, ulong length, bool final = true, bool masked = true, int reserved = 0)
    {
        var header = new List<byte> { (byte)((final ? 0x80 : 0) | reserved << 4 | (byte)opcode) };
        var mask = masked ? 0x80 : 0;
        if (length <= 125)
        {
            header.Add((byte)(mask | (int)length));
        }
        else
        {
            var bytes = new byte[length <= ushort.MaxValue ? 2 : 8];
            header.Add((byte)(mask | (bytes.Length == 2 ? 126 : 127)));
            if (bytes.Length == 2)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)length);
            }
            else
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes, length);
            }

            header.AddRange(bytes);
        }

        return masked ? [.. header, .. Key] : [.. header];
    }

    public static byte[] Close(int code, string reason = "")
    {
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return Frame(Opcode.Close, [.. payload, .. Encoding.UTF8.GetBytes(reason)]);
    }

    /// <summary>The bytes as a sequence of pieces of the given lengths; the last piece takes the rest. The bytes are copied.</summary>
    public static ReadOnlySequence<byte> InPieces(byte[] bytes, params int[] lengths)
    {
        Piece? first = null, last = null;
        var rest = bytes.ToArray().AsMemory();
        foreach (var length in lengths.Append(int.MaxValue))
        {
            var taken = Math.Min(length, rest.Length);
            last = new Piece(rest[..taken], last);
            first ??= last;
            rest = rest[taken..];
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
