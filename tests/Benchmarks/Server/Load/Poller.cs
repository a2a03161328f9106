namespace Benchmarks.Server.Load;

/// <summary>Tells which of many sockets can be read or written. Every watched socket is watched for input.</summary>
internal abstract class Poller : IDisposable
{
    /// <summary>Sockets that one <see cref="Wait"/> reports at most; the others' turn comes with the next.</summary>
    protected const int MaxReady = 256;

    /// <summary>How it waits, for the report.</summary>
    public abstract string Name { get; }

    /// <summary>What the last <see cref="Wait"/> found.</summary>
    public Readiness[] Ready { get; } = new Readiness[MaxReady];

    /// <summary>The cheapest that this platform has.</summary>
    public static Poller Create() => EpollPoller.IsSupported ? new EpollPoller() : new SelectPoller();

    public abstract void Watch(ClientSocket socket);

    /// <summary>Watches for room to write as well, or no longer.</summary>
    public abstract void WatchOutput(ClientSocket socket, bool watch);

    /// <summary>Must be called before the socket is closed.</summary>
    public abstract void Forget(ClientSocket socket);

    /// <summary>Waits until a socket is ready or the time is over; returns how many entries of <see cref="Ready"/> are valid.</summary>
    public abstract int Wait(TimeSpan timeout);

    public abstract void Dispose();

    /// <param name="Slot">The socket's <see cref="ClientSocket.Slot"/>.</param>
    /// <param name="Readable">Input, the end of it, or an error that reading will tell.</param>
    /// <param name="Writable">Room for output.</param>
    internal readonly record struct Readiness(int Slot, bool Readable, bool Writable);
}
