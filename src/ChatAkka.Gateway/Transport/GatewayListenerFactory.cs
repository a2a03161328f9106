using System.Net;
using System.Net.Sockets;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatAkka.Gateway.Transport;

/// <summary>
/// The transport under Kestrel. A connection that begins with a complete request for the WebSocket never gets there: the gateway serves it
/// on the socket itself (<see cref="SocketTransport"/>). Everything else is Kestrel's, as if nobody had looked.
/// </summary>
/// <remarks>Where there is no epoll, all of it is Kestrel's.</remarks>
internal sealed class GatewayListenerFactory(
    IOptions<SocketTransportOptions> options, SocketPollers pollers, Lazy<WebSocketAcceptor> acceptor, ConnectionRegistry registry, FileBudget files,
    TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket;
        try
        {
            socket = options.Value.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }

        socket.Listen(options.Value.Backlog);
        return ValueTask.FromResult<IConnectionListener>(new GatewayListener(socket, options.Value, pollers, acceptor, registry, files, time, loggers));
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or FileHandleEndPoint;
}
