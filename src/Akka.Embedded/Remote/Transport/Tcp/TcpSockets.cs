using System.Net;
using System.Net.Sockets;

namespace Akka.Remote.Transport.Tcp;

/// <summary>Sockets and their addresses.</summary>
internal static class TcpSockets
{
    private const int KeepAliveProbes = 3;

    public static Socket Create(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Small frames leave at once, and a peer that has vanished without a word is noticed although nothing is sent.</summary>
    public static void Configure(Socket socket, TimeSpan keepAliveTime)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        var seconds = Math.Max(1, (int)keepAliveTime.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Max(1, seconds / KeepAliveProbes));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }

    /// <summary>The address that a literal (of IPv6 with or without brackets) stands for.</summary>
    public static bool TryParse(string host, out IPAddress address) => IPAddress.TryParse(host.Trim('[', ']'), out address!);

    public static string NameOf(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address: { IsIPv4MappedToIPv6: true } address, Port: var port } => $"{address.MapToIPv4()}:{port}",
        _ => endPoint?.ToString() ?? "unknown",
    };
}
