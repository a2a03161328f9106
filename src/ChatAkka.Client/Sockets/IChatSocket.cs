using ChatAkka.Protocol;

namespace ChatAkka.Client.Sockets;

/// <summary>An open WebSocket: one reader and one writer at a time.</summary>
internal interface IChatSocket : IDisposable
{
    /// <summary>The next whole message, or the end. Its bytes are valid until the next call. Throws only when canceled.</summary>
    ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancel);

    /// <summary>Sends one text message. Throws <see cref="IOException"/> if the connection is gone.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancel);

    /// <summary>Sends a close frame with <see cref="CloseCode.Normal"/>; nothing may be sent after it.</summary>
    ValueTask SendCloseAsync(CancellationToken cancel);
}

/// <summary>What a socket has received.</summary>
/// <param name="Text">A message, unless <paramref name="Close"/> says that it was the end.</param>
/// <param name="Close">How the connection ended: <see cref="CloseCode.Abnormal"/> without a close frame.</param>
internal readonly record struct ReceivedMessage(ReadOnlyMemory<byte> Text, CloseCode? Close);

/// <summary>Opens WebSockets with the protocol's sub-protocol.</summary>
internal interface IChatConnector
{
    /// <exception cref="ChatException"><see cref="ChatException.Unreachable"/>.</exception>
    Task<IChatSocket> ConnectAsync(Uri url, CancellationToken cancel);
}
