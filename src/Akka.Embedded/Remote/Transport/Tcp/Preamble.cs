namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// What the two ends of a link say before its first frame: bytes that nothing else begins with, and the version of the framing. The side
/// that connects speaks first, and the link is open to it when the answer is there: so whoever merely accepts connections, as the system
/// does for a process that hangs, or echoes what it gets, is not taken for a node.
/// </summary>
/// <remarks>Longer than the header of a TLS record: a node that expects one sees at once that this is none.</remarks>
internal static class Preamble
{
    private const byte Version = 1;

    private static readonly byte[] Greeting = [0xAC, 0x3E, .. "AKKA"u8, Version];
    private static readonly byte[] Answer = [0xAC, 0xE3, .. "AKKA"u8, Version];

    /// <exception cref="InvalidDataException">The other side is no node, or one that frames differently.</exception>
    public static async Task GreetAsync(ByteChannel channel, FrameParser parser)
    {
        await channel.SendAsync(Greeting).ConfigureAwait(false);
        CheckVersion(await ReceiveAsync(channel, parser, Answer).ConfigureAwait(false));
    }

    /// <inheritdoc cref="GreetAsync"/>
    public static async Task AnswerAsync(ByteChannel channel, FrameParser parser)
    {
        var version = await ReceiveAsync(channel, parser, Greeting).ConfigureAwait(false);
        // To one of another version too: it can tell then why it is cut off.
        await channel.SendAsync(Answer).ConfigureAwait(false);
        CheckVersion(version);
    }

    // The version. A wrong byte is noticed when it comes, whatever else is still missing.
    private static async Task<byte> ReceiveAsync(ByteChannel channel, FrameParser parser, byte[] expected)
    {
        var magic = expected.Length - 1;
        while (parser.Rest.Length < expected.Length)
        {
            var received = await channel.ReceiveAsync(parser.Room()).ConfigureAwait(false);
            if (received == 0)
                throw new EndOfStreamException(parser.Rest.IsEmpty ? "it said nothing" : "it said too little");
            parser.Received(received);
            var compared = Math.Min(parser.Rest.Length, magic);
            if (!parser.Rest[..compared].SequenceEqual(expected.AsSpan(0, compared)))
                throw new InvalidDataException("it isn't a node: its first bytes are others than a node's");
        }

        var version = parser.Rest[magic];
        parser.Take(expected.Length);
        return version;
    }

    private static void CheckVersion(byte version)
    {
        if (version != Version)
            throw new InvalidDataException($"it frames by version {version}, this node by version {Version}");
    }
}
