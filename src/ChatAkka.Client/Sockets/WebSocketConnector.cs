using System.Net.WebSockets;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Sockets;

/// <summary>Opens WebSockets with the framework's client.</summary>
/// <param name="handler">Makes the handshakes.</param>
internal sealed class WebSocketConnector(HttpMessageHandler handler) : IChatConnector
{
    private readonly HttpMessageInvoker _invoker = new(handler, disposeHandler: false);

    public async Task<IChatSocket> ConnectAsync(Uri url, CancellationToken cancel)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(ProtocolLimits.SubProtocol);
            socket.Options.KeepAliveInterval = TimeSpan.Zero; // the protocol has heartbeats of its own
            await socket.ConnectAsync(url, _invoker, cancel).ConfigureAwait(false);
            return new ClientSocket(socket);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is OperationCanceledException && cancel.IsCancellationRequested
                ? e
                : new ChatException(ChatException.Unreachable, $"{url} could not be connected to", e);
        }
    }
}
