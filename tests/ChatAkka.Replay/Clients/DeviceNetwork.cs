using System.Net;
using System.Net.Sockets;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// A device's way to the server, which can be cut and restored: the client gets its connections from here, and doesn't know. While it is
/// cut, attempts to connect hang, as they do without a network.
/// </summary>
internal sealed class DeviceNetwork : IDisposable
{
    private readonly AsyncGate _reachable = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly IPEndPoint _server;
    private readonly KillPlan _kills;
    private Socket? _socket;
    private bool _isDisposed;

    public DeviceNetwork(IPEndPoint server, KillPlan kills)
    {
        (_server, _kills) = (server, kills);
        _reachable.Open();
        Handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) => await ConnectAsync(cancel).ConfigureAwait(false),
            UseProxy = false,
            UseCookies = false,
        };
    }

    /// <summary>Makes the device's WebSocket handshakes.</summary>
    public SocketsHttpHandler Handler { get; }

    /// <summary>The server's life that the last connection was made in; null if that isn't known.</summary>
    public int? ServerLife { get; private set; }

    public bool IsCut => !_reachable.IsOpen;

    /// <summary>Ends the connection, if there is one, and lets no other open until <see cref="Restore"/>.</summary>
    /// <param name="reset">With RST instead of FIN.</param>
    public void Cut(bool reset)
    {
        lock (_lock)
        {
            _reachable.Shut();
            if (reset && _socket is { Connected: true } socket)
            {
                socket.LingerState = new LingerOption(true, 0);
            }

            _socket?.Dispose();
            _socket = null;
        }
    }

    public void Restore() => _reachable.Open();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _ended.Cancel();
        Handler.Dispose();
        _ended.Dispose();
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        await _reachable.OpenedAsync().WaitAsync(either.Token).ConfigureAwait(false);
        var socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var life = _kills.Life;
            await socket.ConnectAsync(_server, either.Token).ConfigureAwait(false);
            ServerLife = life == _kills.Life ? life : null;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(IsCut, this); // meanwhile
                _socket = socket;
                return new NetworkStream(socket, ownsSocket: true);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
