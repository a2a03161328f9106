using System.Net;

namespace Benchmarks.Server.Load;

/// <summary>
/// All sockets of the load generator on the calling thread. It shares the machine with the server that it measures, so it must cost
/// little: one wait for all sockets, one read a ready socket, and what a round of events causes on a socket goes out in one write.
/// </summary>
/// <param name="servers">Where sockets connect: to one after the other, unless they say to which.</param>
internal sealed class LoadLoop(params IPEndPoint[] servers) : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly Poller _poller = Poller.Create();
    private readonly List<ClientSocket> _sockets = [];
    private readonly List<ClientSocket> _touched = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    /// <summary>When the input that is being handled was read.</summary>
    public long Now { get; private set; } = Clock.Now;

    /// <summary>Connects; what follows happens in <see cref="Round"/>.</summary>
    public void Open(ClientSocket socket) => Open(socket, _sockets.Count % servers.Length);

    /// <summary>Connects to a certain server, by its place among all.</summary>
    public void Open(ClientSocket socket, int server)
    {
        socket.Open(servers[server]);
        socket.Slot = _sockets.Count;
        _sockets.Add(socket);
        _poller.Watch(socket);
    }

    /// <summary>Waits for input, until <paramref name="until"/> at most, handles it, and writes what it caused.</summary>
    public void Round(long until)
    {
        Flush();
        var seconds = Clock.Seconds(Clock.Now, until);
        var count = _poller.Wait(seconds > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero);
        Tick();
        for (var i = 0; i < count; i++)
        {
            var ready = _poller.Ready[i];
            var socket = _sockets[ready.Slot];
            if (ready.Writable)
            {
                Touch(socket);
            }

            if (ready.Readable && socket.Failure is null)
            {
                socket.Receive(_buffer);
            }
        }

        Flush();
    }

    /// <summary>Rounds for so long.</summary>
    public void RunFor(double seconds)
    {
        for (var end = Clock.Add(Clock.Now, seconds); Clock.Now < end;)
        {
            Round(end);
        }
    }

    /// <summary>Rounds until the condition holds; false if it didn't in time.</summary>
    public bool RunUntil(Func<bool> condition, double seconds)
    {
        for (var end = Clock.Add(Clock.Now, seconds); !condition();)
        {
            var now = Clock.Now;
            if (now >= end)
            {
                return false;
            }

            Round(Math.Min(end, Clock.Add(now, 0.05)));
        }

        return true;
    }

    /// <summary>Ends every session.</summary>
    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Close();
        }

        Flush();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        _poller.Dispose();
    }

    internal void Tick() => Now = Clock.Now;

    internal void Touch(ClientSocket socket)
    {
        if (!socket.IsTouched)
        {
            socket.IsTouched = true;
            _touched.Add(socket);
        }
    }

    internal void WatchOutput(ClientSocket socket, bool watch) => _poller.WatchOutput(socket, watch);

    internal void Forget(ClientSocket socket) => _poller.Forget(socket);

    private void Flush()
    {
        foreach (var socket in _touched)
        {
            socket.IsTouched = false;
            socket.Flush();
        }

        _touched.Clear();
    }
}
