using System.Buffers.Binary;
using System.Text;

namespace ChatAkka.EndToEnd.Tests.Harness.Sockets;

/// <summary>A frame from the server. It never fragments, never masks and sets no reserved bit, or reading it fails.</summary>
internal sealed record ServerMessage(int OpCode, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    public Closing Closing => Payload.Length < 2
        ? new Closing(1005, "")
        : new Closing(BinaryPrimitives.ReadUInt16BigEndian(Payload), Encoding.UTF8.GetString(Payload.AsSpan(2)));
}
