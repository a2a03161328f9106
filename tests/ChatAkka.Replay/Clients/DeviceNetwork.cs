using System.Net;
using System.Net.Sockets;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// A device's way to the servers, which can be cut and restored: the client gets its connections from here, and doesn't know. While it is
/// cut, attempts to connect hang, as they do without a network; afterwards they fail, since nobody may be waiting for them any more.
/// </summary>
internal sealed class DeviceNetwork : IDisposable
{
    private readonly AsyncGate _reachable = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly IService _service;
    private readonly FaultPlan _faults;
    private readonly Action<string, bool> _connected;
    private readonly List<Socket> _sockets = [];
    private bool _isExpected = true;
    private bool _isDisposed;

    /// <param name="connected">Told of every connection to a server, and whether it is the first one since <see cref="Expect"/>.</param>
    public DeviceNetwork(IService service, FaultPlan faults, Action<string, bool> connected)
    {
        (_service, _faults, _connected) = (service, faults, connected);
        _reachable.Open();
        Handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) => await ConnectAsync(context.DnsEndPoint, cancel).ConfigureAwait(false),
            PooledConnectionLifetime = TimeSpan.Zero, // what was kept might lead to a server that is gone
            UseProxy = false,
            UseCookies = false,
        };
    }

    /// <summary>Makes the device's requests and WebSocket handshakes.</summary>
    public SocketsHttpHandler Handler { get; }

    /// <summary>The life of the servers that the last connection was made in; null if that isn't known.</summary>
    public int? ServerLife { get; private set; }

    public bool IsCut => !_reachable.IsOpen;

    /// <summary>The device itself is the reason for its next connection.</summary>
    public void Expect()
    {
        lock (_lock)
        {
            _isExpected = true;
        }
    }

    /// <summary>Ends the connection, if there is one, and lets no other open until <see cref="Restore"/>.</summary>
    /// <param name="reset">With RST instead of FIN.</param>
    public void Cut(bool reset)
    {
        lock (_lock)
        {
            _reachable.Shut();
            _isExpected = true;
            foreach (var socket in _sockets)
            {
                if (reset && socket.Connected)
                {
                    socket.LingerState = new LingerOption(true, 0);
                }

                socket.Dispose();
            }

            _sockets.Clear();
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

    private async Task<NetworkStream> ConnectAsync(DnsEndPoint to, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        if (IsCut)
        {
            await _reachable.OpenedAsync().WaitAsync(either.Token).ConfigureAwait(false);
            throw new SocketException((int)SocketError.NetworkUnreachable);
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var life = _faults.Life;
            await _service.ConnectAsync(socket, to, either.Token).ConfigureAwait(false);
            ServerLife = life == _faults.Life ? life : null;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(IsCut, this); // meanwhile
                _sockets.RemoveAll(s => !s.Connected);
                _sockets.Add(socket);
                if (_service.IsServer(to.Host))
                {
                    _connected($"{to.Host}:{to.Port}", Interlocked.Exchange(ref _isExpected, false));
                }

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
