using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatAkka.Tests.MultiNode.Links;
using ChatAkka.Tests.Processes;

namespace ChatAkka.MultiNode.Tests.Links;

/// <summary>Three nodes that are nothing but listeners, behind links.</summary>
public abstract class LinkTest : IAsyncLifetime
{
    /// <summary>Longer than anything on this machine takes that isn't kept.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private readonly List<Socket> _sockets = [];
    private readonly Socket[] _listeners = new Socket[3];

    private protected NodeLinks Links { get; } = new();

    private protected NodeAddress[] Nodes { get; } = new NodeAddress[3];

    public Task InitializeAsync()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Elsewhere than on Linux 127.0.1.11 isn't this machine's address.");
        for (var n = 0; n < Nodes.Length; n++)
        {
            var port = Ports.Next(IPAddress.Any);
            var last = (byte)(11 + n);
            var (bound, known) = (new IPAddress([127, 0, 1, last]), new IPAddress([127, 0, 2, last]));
            Nodes[n] = new NodeAddress(new IPEndPoint(bound, port), new IPEndPoint(known, port));
            _listeners[n] = NewSocket();
            _listeners[n].Bind(Nodes[n].Bound);
            _listeners[n].Listen();
            Links.Add(Nodes[n]);
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Links.DisposeAsync().AsTask().Within("the end of the links");
        _sockets.ForEach(s => s.Dispose());
    }

    /// <summary>A connection from one node to another; its ends.</summary>
    private protected async Task<(Socket Dialer, Socket Target)> ConnectAsync(int from, int to)
    {
        var dialer = await DialAsync(from, to);
        return (dialer, await AcceptAsync(to));
    }

    private protected async Task<Socket> DialAsync(int from, int to)
    {
        var dialer = NewSocket();
        dialer.Bind(new IPEndPoint(Nodes[from].Bound.Address, 0));
        await dialer.ConnectAsync(Nodes[to].Public).Within("a connection to the proxy");
        return dialer;
    }

    private protected async Task<Socket> AcceptAsync(int node)
    {
        var accepted = await _listeners[node].AcceptAsync().Within($"a connection to node {node}");
        _sockets.Add(accepted);
        return accepted;
    }

    private protected async Task NoConnectionAsync(int node)
    {
        using var end = new CancellationTokenSource(Silence);
        await Should.ThrowAsync<OperationCanceledException>(async () => await _listeners[node].AcceptAsync(end.Token));
    }

    /// <summary>Nobody listens there any more.</summary>
    private protected void Gone(int node) => _listeners[node].Dispose();

    private protected static Task SayAsync(Socket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>What comes next; empty at the end, null if the connection was reset.</summary>
    private protected static Task<string?> HearAsync(Socket socket) => NullIfResetAsync(async () =>
    {
        var buffer = new byte[1024];
        var count = await socket.ReceiveAsync(buffer).Within("something to come");
        return Encoding.UTF8.GetString(buffer.AsSpan(0, count));
    });

    /// <summary>What comes first on a new connection. A reset may be there before the dialer has heard that it is connected.</summary>
    private protected Task<string?> DialAndHearAsync(int from, int to) =>
        NullIfResetAsync(async () => await HearAsync(await DialAsync(from, to)));

    private static async Task<string?> NullIfResetAsync(Func<Task<string?>> hear)
    {
        try
        {
            return await hear();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return null;
        }
    }

    /// <summary>Nothing comes, and nothing has ended.</summary>
    private protected static async Task NothingAsync(Socket socket)
    {
        await Task.Delay(Silence);
        socket.Poll(TimeSpan.Zero, SelectMode.SelectRead).ShouldBeFalse("something came, or the connection ended");
    }

    private protected Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        return socket;
    }
}
