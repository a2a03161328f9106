using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ChatAkka.Gateway.Transport;

/// <summary>
/// The transport under Kestrel. A connection that begins with a complete request for the WebSocket never gets there: the gateway serves it
/// on the socket itself (<see cref="SocketTransport"/>). Everything else is Kestrel's, as if nobody had looked.
/// </summary>
/// <remarks>Where there is no epoll, all of it is Kestrel's.</remarks>
internal sealed class GatewayListenerFactory(ListenerServices services) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket;
        try
        {
            socket = services.Options.Value.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }

        socket.Listen(services.Options.Value.Backlog);
        return ValueTask.FromResult<IConnectionListener>(new GatewayListener(socket, services));
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or FileHandleEndPoint;
}
