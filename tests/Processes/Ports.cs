using System.Net;
using System.Net.Sockets;

namespace ChatAkka.Tests.Processes;

/// <summary>
/// Hands out free ports. They lie below those that systems give to outgoing connections (Linux from 32768, others from 49152): a port that
/// was merely free when it was looked at could be taken by a client before its server, or between a server's two lives; one that tries to
/// connect to a server that is down could even be given the server's port as its own, and connect to itself.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 10_000;

    private static int _next = Environment.ProcessId * 97;

    /// <summary>A port that is free at the loopback interface's first address.</summary>
    public static int Next() => Next(IPAddress.Loopback);

    /// <summary>A port that is free at an address; <see cref="IPAddress.Any"/> for all of them.</summary>
    public static int Next(IPAddress at)
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(at, port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static bool IsFree(IPAddress at, int port)
    {
        using var listener = new TcpListener(at, port);
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
