using System.Net;
using System.Net.Sockets;

namespace ChatAkka.Tests.MultiNode.Links;

/// <summary>
/// Listens where the other nodes look for a node, and connects them through to where it is. Who connects is told by the address that they
/// connect from. A stranger is refused.
/// </summary>
internal sealed class NodeProxy : IAsyncDisposable
{
    private readonly Func<IPAddress, (Direction There, Direction Back)?> _between;
    private readonly IPEndPoint _node;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _lock = new();
    private readonly Dictionary<LinkConnection, (IPAddress Dialer, Task Running)> _connections = [];
    private readonly Task _accepting;
    private int _strangers;

    /// <param name="listens">Where the node is looked for.</param>
    /// <param name="node">Where it is.</param>
    /// <param name="between">The ways between who connects and the node; null if there are none.</param>
    public NodeProxy(IPEndPoint listens, IPEndPoint node, Func<IPAddress, (Direction There, Direction Back)?> between)
    {
        (_node, _between) = (node, between);
        _listener.Bind(listens);
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Connections from addresses that aren't a node's: those can't be cut.</summary>
    public int Strangers => Volatile.Read(ref _strangers);

    /// <summary>Those that are open.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Breaks the connections that a node opened to this one.</summary>
    public void Reset(IPAddress dialer)
    {
        lock (_lock)
        {
            foreach (var (connection, _) in _connections.Where(c => c.Value.Dialer.Equals(dialer)))
            {
                connection.Reset();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        Task[] running;
        lock (_lock)
        {
            foreach (var connection in _connections.Keys)
            {
                connection.Reset();
            }

            running = [.. _connections.Values.Select(c => c.Running)];
        }

        await Task.WhenAll(running);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var dialer = await _listener.AcceptAsync();
                dialer.NoDelay = true;
                var address = ((IPEndPoint)dialer.RemoteEndPoint!).Address;
                if (_between(address) is var (there, back))
                {
                    Begin(new LinkConnection(dialer, there, back), address);
                }
                else
                {
                    Interlocked.Increment(ref _strangers);
                    dialer.Dispose();
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private void Begin(LinkConnection connection, IPAddress dialer)
    {
        lock (_lock)
        {
            _connections[connection] = (dialer, Task.CompletedTask);
            _connections[connection] = (dialer, RunAsync(connection));
        }
    }

    private async Task RunAsync(LinkConnection connection)
    {
        await Task.Yield(); // out of the lock
        await connection.RunAsync((socket, cancel) => socket.ConnectAsync(_node, cancel));
        lock (_lock)
        {
            _connections.Remove(connection);
        }

        connection.Dispose();
    }
}
