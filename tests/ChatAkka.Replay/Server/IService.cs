using System.Net;
using System.Net.Sockets;

namespace ChatAkka.Replay.Server;

/// <summary>The way of clients to the servers.</summary>
internal interface IService
{
    /// <summary>Of the HTTP API.</summary>
    Uri Address { get; }

    /// <summary>The one WebSocket; null if clients ask the service which servers there are.</summary>
    Uri? Socket { get; }

    /// <summary>Makes HTTP requests of whoever has no network of their own; null for an ordinary one.</summary>
    HttpMessageHandler? Handler { get; }

    /// <summary>A name is that of one server, not that of the service.</summary>
    bool IsServer(string host);

    /// <summary>Connects a socket to what a URL names.</summary>
    ValueTask ConnectAsync(Socket socket, DnsEndPoint to, CancellationToken cancel);
}
