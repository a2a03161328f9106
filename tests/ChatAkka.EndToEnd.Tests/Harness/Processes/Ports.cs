using System.Net;
using System.Net.Sockets;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>
/// Hands out free ports. They lie below those that systems give to outgoing connections: a port that was merely free when it was
/// looked at could be taken by a client before its server, or between a server's two lives.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 10_000;

    private static int _next = Environment.ProcessId * 97;

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
