using System.Runtime.InteropServices;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.WebSockets.Handshake;

namespace ChatAkka.Gateway.Transport;

/// <summary>
/// A connection that has been accepted and hasn't said anything yet. Its first bytes, which are only looked at, decide who serves it. If
/// none come, it is cut.
/// </summary>
internal sealed class Arrival(SocketFile file, SocketPoller poller, GatewayListener listener, long deadline) : IPolled, ISweepable
{
    private const int Waiting = 0;
    private const int Looking = 1;
    private const int Decided = 2;

    // A poller's thread is the only one that looks.
    [ThreadStatic]
    private static byte[]? _scratch;

    private int _state;

    /// <inheritdoc/>
    public void OnReady(Readiness readiness)
    {
        if ((readiness & ~Readiness.Output) == 0)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _state, Looking, Waiting) != Waiting)
        {
            return;
        }

        var scratch = _scratch ??= new byte[RequestHead.MaxBytes];
        var seen = Native.Receive(file, ref scratch[0], scratch.Length, Native.DontWait | Native.Peek);
        if (seen < 0 && Marshal.GetLastPInvokeError() is Native.WouldBlock or Native.Interrupted)
        {
            // Told for nothing, whatever was told: it may have been meant for a connection before that had this one's descriptor.
            Volatile.Write(ref _state, Waiting);
            return;
        }

        Volatile.Write(ref _state, Decided);
        if (seen <= 0)
        {
            Leave();
            return;
        }

        try
        {
            if (!listener.TryServe(file, poller, readiness, scratch.AsSpan(0, (int)seen)))
            {
                poller.Remove(file);
                listener.PassOn(file.ToSocket());
            }
        }
        catch
        {
            Leave();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Sweep(long now)
    {
        if (now >= deadline)
        {
            Cut();
        }

        return Volatile.Read(ref _state) != Decided;
    }

    /// <summary>Ends it if it still waits.</summary>
    public void Cut()
    {
        if (Interlocked.CompareExchange(ref _state, Decided, Waiting) == Waiting)
        {
            Leave();
        }
    }

    private void Leave()
    {
        poller.Forget(file);
        listener.Leave(file);
    }
}
