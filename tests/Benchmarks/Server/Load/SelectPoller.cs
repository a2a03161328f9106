using System.Net.Sockets;

namespace Benchmarks.Server.Load;

/// <summary>Every platform:
/// <see cref="Socket.Select(System.Collections.IList?, System.Collections.IList?, System.Collections.IList?, TimeSpan)"/>, whose cost grows
/// with the number of sockets, ready or not.</summary>
internal sealed class SelectPoller : Poller
{
    private readonly Dictionary<Socket, int> _slots = [];
    private readonly HashSet<Socket> _output = [];

    // Where the last wait stopped reporting: sockets behind it must not starve when more are ready than fit.
    private int _next;

    public override string Name => "select";

    public override void Watch(ClientSocket socket) => _slots.Add(socket.Socket, socket.Slot);

    public override void WatchOutput(ClientSocket socket, bool watch)
    {
        if (watch)
        {
            _output.Add(socket.Socket);
        }
        else
        {
            _output.Remove(socket.Socket);
        }
    }

    public override void Forget(ClientSocket socket)
    {
        _slots.Remove(socket.Socket);
        _output.Remove(socket.Socket);
    }

    public override int Wait(TimeSpan timeout)
    {
        if (_slots.Count == 0)
        {
            Thread.Sleep(timeout);
            return 0;
        }

        List<Socket> readable = [.. _slots.Keys];
        List<Socket> writable = [.. _output];
        Socket.Select(readable, writable, null, timeout);

        var count = 0;
        foreach (var socket in writable.Take(MaxReady / 2))
        {
            Ready[count++] = new Readiness(_slots[socket], Readable: false, Writable: true);
        }

        _next = readable.Count <= MaxReady - count ? 0 : _next % readable.Count;
        for (var i = 0; i < readable.Count && count < MaxReady; i++)
        {
            Ready[count++] = new Readiness(_slots[readable[(_next + i) % readable.Count]], Readable: true, Writable: false);
        }

        _next += count;
        return count;
    }

    public override void Dispose() => _slots.Clear();
}
