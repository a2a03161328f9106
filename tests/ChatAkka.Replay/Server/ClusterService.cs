using System.Net;
using System.Net.Sockets;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.Replay.Server;

/// <summary>
/// A service that is several servers, behind a load balancer: whoever asks for the service is connected to any node that was ready when it
/// was last asked, at random. The nodes tell clients where to go from there.
/// </summary>
internal sealed class ClusterService : IService, IAsyncDisposable
{
    private const string Name = "chat.test";
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);

    private readonly ClusterOfServers _cluster;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _asking;
    private volatile IPEndPoint[] _ready;

    public ClusterService(ClusterOfServers cluster, TimeProvider time)
    {
        (_cluster, _time) = (cluster, time);
        _ready = [.. cluster.All.Select(n => n.Http)];
        Handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) => await ConnectAsync(context.DnsEndPoint, cancel).ConfigureAwait(false),
            PooledConnectionLifetime = TimeSpan.FromSeconds(1), // a node that has fallen silent is left
            UseProxy = false,
            UseCookies = false,
        };
        _asking = AskAsync();
    }

    public Uri Address { get; } = new($"http://{Name}/");

    public Uri? Socket => null;

    public HttpMessageHandler Handler { get; }

    HttpMessageHandler? IService.Handler => Handler;

    public bool IsServer(string host) => host != Name;

    public ValueTask ConnectAsync(Socket socket, DnsEndPoint to, CancellationToken cancel) =>
        socket.ConnectAsync(IsServer(to.Host) ? new IPEndPoint(IPAddress.Parse(to.Host), to.Port) : Any(), cancel);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(false);
        Handler.Dispose();
        _ended.Dispose();
    }

    private IPEndPoint Any()
    {
        var ready = _ready;
        return ready.Length > 0 ? ready[Random.Shared.Next(ready.Length)] : throw new SocketException((int)SocketError.HostUnreachable);
    }

    private async Task<NetworkStream> ConnectAsync(DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await ConnectAsync(socket, to, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AskAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(AskEvery, _time);
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                var nodes = _cluster.All.ToArray();
                var answers = await Task.WhenAll(nodes.Select(n => n.AskAsync(_ended.Token))).ConfigureAwait(false);
                _ready = [.. nodes.Where((_, i) => answers[i] is (HttpStatusCode.OK, _)).Select(n => n.Http)];
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }
}
