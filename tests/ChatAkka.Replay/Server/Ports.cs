using System.Net;
using System.Net.Sockets;

namespace ChatAkka.Replay.Server;

/// <summary>Finds a port that stays ours while the server is down.</summary>
internal static class Ports
{
    // Below the ranges that systems take outgoing connections from (Linux 32768, others 49152). In there, a client that tries to connect
    // while the server is down can be given the server's own port as its source, connects to itself, and so keeps the server from coming
    // back.
    private const int Lowest = 20_000;
    private const int Highest = 30_000;

    /// <exception cref="InvalidOperationException">None of many is free.</exception>
    public static int Free()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                continue;
            }
        }

        throw new InvalidOperationException($"no free port between {Lowest} and {Highest}");
    }
}
