using System.Net;
using System.Net.Sockets;

namespace ChatAkka.Replay.Server;

/// <summary>A service that is one server, at one address.</summary>
internal sealed class OneServer(IPEndPoint server) : IService
{
    public Uri Address { get; } = new($"http://{server}/");

    public Uri? Socket { get; } = new($"ws://{server}/v1/ws");

    public HttpMessageHandler? Handler => null;

    public bool IsServer(string host) => true;

    public ValueTask ConnectAsync(Socket socket, DnsEndPoint to, CancellationToken cancel) => socket.ConnectAsync(server, cancel);
}
