using System.Buffers.Binary;
using System.Text;

namespace ChatAkka.EndToEnd.Tests.Harness.Sockets;

/// <summary>A frame as a client sends it, right or wrong: every bit of it can be chosen.</summary>
internal sealed record RawFrame(int OpCode, ReadOnlyMemory<byte> Payload)
{
    public const int Continuation = 0;
    public const int TextCode = 1;
    public const int BinaryCode = 2;
    public const int CloseCode = 8;
    public const int PingCode = 9;
    public const int PongCode = 10;

    public bool Final { get; init; } = true;

    /// <summary>The three reserved bits.</summary>
    public int Reserved { get; init; }

    public bool Masked { get; init; } = true;

    /// <summary>The length that the header states, if not the true one.</summary>
    public ulong? ClaimedLength { get; init; }

    public static RawFrame Text(string text) => new(TextCode, Encoding.UTF8.GetBytes(text));

    public static RawFrame Binary(ReadOnlyMemory<byte> payload) => new(BinaryCode, payload);

    public static RawFrame Ping(string payload = "") => new(PingCode, Encoding.UTF8.GetBytes(payload));

    public static RawFrame Close(ushort code)
    {
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        return new RawFrame(CloseCode, payload);
    }

    public byte[] Encode()
    {
        var length = ClaimedLength ?? (ulong)Payload.Length;
        var lengthBytes = length <= 125 ? 0 : length <= ushort.MaxValue ? 2 : 8;
        var header = 2 + lengthBytes + (Masked ? 4 : 0);
        var bytes = new byte[header + Payload.Length];
        bytes[0] = (byte)((Final ? 0x80 : 0) | (Reserved << 4) | OpCode);
        bytes[1] = (byte)((Masked ? 0x80 : 0) | (lengthBytes switch { 0 => (int)length, 2 => 126, _ => 127 }));
        switch (lengthBytes)
        {
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
                break;
            case 8:
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), length);
                break;
        }

        Payload.Span.CopyTo(bytes.AsSpan(header));
        if (Masked)
        {
            var key = bytes.AsSpan(header - 4, 4);
            Random.Shared.NextBytes(key);
            for (var i = 0; i < Payload.Length; i++)
            {
                bytes[header + i] ^= key[i & 3];
            }
        }

        return bytes;
    }
}
