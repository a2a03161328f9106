using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatAkka.Gateway.Transport;

/// <summary>What all listeners of a node share.</summary>
internal sealed record ListenerServices(
    IOptions<SocketTransportOptions> Options,
    SocketPollers Pollers,
    Lazy<WebSocketAcceptor> Acceptor,
    ConnectionRegistry Registry,
    FileBudget Files,
    TimeProvider Time,
    ILoggerFactory Loggers);
