using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// Links over TCP, mutually authenticated and encrypted where the settings have certificates. A link costs a socket and some kilobytes
/// while nothing is said, and no thread; its handler is called by threads of the pool.
/// </summary>
internal sealed class TcpTransport(TcpTransportSettings settings) : ITransport
{
    private const int Backlog = 512;

    private readonly TlsHandshake? _tls = settings.Tls is { } tls ? new TlsHandshake(tls, settings.Time) : null;

    /// <inheritdoc/>
    public IListener Listen(string host, int port, Func<ILink, ILinkHandler> accept)
    {
        var socket = Bind(host, port);
        var acceptor = new TcpAcceptor(settings, _tls, socket, accept);
        ThreadPool.UnsafeQueueUserWorkItem(static acceptor => _ = acceptor.RunAsync(), acceptor, preferLocal: false);
        return acceptor;
    }

    /// <inheritdoc/>
    public ILink Connect(Address remote, ILinkHandler handler)
    {
        if (remote is not { Host: { } host, Port: { } port })
            throw new ArgumentException($"{remote} has no host and port.", nameof(remote));
        var opening = new CancellationTokenSource(settings.ConnectTimeout, settings.Time);
        var link = new TcpLink($"{host}:{port}", settings, opening);
        var dial = new TcpDial(settings, _tls, link, host, port, handler, opening.Token);
        // Neither on this stack nor in this context.
        ThreadPool.UnsafeQueueUserWorkItem(static dial => _ = dial.RunAsync(), dial, preferLocal: false);
        return link;
    }

    private static Socket Bind(string host, int port)
    {
        try
        {
            var address = TcpSockets.TryParse(host, out var literal) ? literal : Dns.GetHostAddresses(host)[0];
            var socket = TcpSockets.Create(address.AddressFamily);
            try
            {
                // All addresses of the machine, also those of the older kind.
                if (address.Equals(IPAddress.IPv6Any))
                    socket.DualMode = true;
                socket.Bind(new IPEndPoint(address, port));
                socket.Listen(Backlog);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (SocketException e)
        {
            throw new IOException($"{host}:{port} can't be bound: {e.Message}", e);
        }
    }
}
