using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ChatAkka.Tests;

/// <summary>
/// The network between a store and its server: passes bytes on until it is cut (connections are reset, new ones refused) or goes silent
/// (nothing arrives any more, nothing is told).
/// </summary>
internal sealed class LinkToServer : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly IPEndPoint _here;
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _running = [];
    private Socket? _listener;
    private TaskCompletionSource _flowing = Open();

    /// <param name="database">The connection string of a database.</param>
    public LinkToServer(string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        _server = new IPEndPoint(Dns.GetHostAddresses(settings.Host!, AddressFamily.InterNetwork)[0], settings.Port);
        Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _here = (IPEndPoint)_listener!.LocalEndPoint!;
        ConnectionString = new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = _here.Port }.ConnectionString;
    }

    /// <summary>The database as it is reached over this link.</summary>
    public string ConnectionString { get; }

    /// <summary>Resets all connections and refuses new ones.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
            _sockets.ForEach(Reset);
            _sockets.Clear();
        }
    }

    /// <summary>Takes new connections again.</summary>
    public void Heal() => Listen(_here);

    /// <summary>Keeps everything that is sent to itself.</summary>
    public void FallSilent() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes on what it has kept, and what comes.</summary>
    public void FlowAgain() => _flowing.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        FlowAgain();
        Cut();
        await Task.WhenAll(_running.ToArray());
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    private void Listen(IPEndPoint at)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(at);
        listener.Listen();
        lock (_gate)
        {
            _listener = listener;
            _running.Add(AcceptAsync(listener));
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(_server);
                lock (_gate)
                {
                    if (_listener != listener)
                    {
                        Reset(client);
                        Reset(server);
                        return;
                    }

                    _sockets.AddRange([client, server]);
                    _running.AddRange([PassOnAsync(client, server), PassOnAsync(server, client)]);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The link was cut.
        }
    }

    private async Task PassOnAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await _flowing.Task;
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The link was cut, or an end has gone.
        }
    }
}
