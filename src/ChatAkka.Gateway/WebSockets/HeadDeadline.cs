using ChatAkka.Gateway.Connections;

namespace ChatAkka.Gateway.WebSockets;

/// <summary>Cuts a connection whose first request hasn't come in time, however slowly it trickles in.</summary>
internal sealed class HeadDeadline(long at, Action abort) : ISweepable
{
    private const int Waiting = 0;
    private const int Met = 1;
    private const int Missed = 2;
    private int _outcome;

    /// <summary>The head has come; false if it was too late.</summary>
    public bool Meet() => Interlocked.CompareExchange(ref _outcome, Met, Waiting) == Waiting;

    /// <inheritdoc/>
    public bool Sweep(long now)
    {
        if (now >= at && Interlocked.CompareExchange(ref _outcome, Missed, Waiting) == Waiting)
        {
            abort();
        }

        return Volatile.Read(ref _outcome) == Waiting;
    }
}
