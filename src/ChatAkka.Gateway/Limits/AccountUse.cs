namespace ChatAkka.Gateway.Limits;

/// <summary>
/// What one account takes of this node: its open sockets, and the rate of its requests over all of them and over HTTP. Any thread may ask;
/// none waits for another.
/// </summary>
/// <remarks>
/// In place of a number of tokens a bucket is the moment at which it will be full again, in seconds as timestamps count them: one number,
/// that can be compared and exchanged. Taking a token puts it off by what one takes to come back.
/// </remarks>
internal sealed class AccountUse
{
    private const int IsForgotten = -1;

    // A wait that is over may look as if it weren't by what rounding leaves.
    private const double Rounding = 1e-6;

    private double _requestsFullAt;
    private double _signalsFullAt;
    private int _sockets;

    /// <summary>False for one that has left its table: whoever wants to count sockets needs the table's new one.</summary>
    public bool IsLive => Volatile.Read(ref _sockets) != IsForgotten;

    /// <summary>Takes a token for a request.</summary>
    /// <param name="now">In seconds.</param>
    public bool TryRequest(int perSecond, int burst, double now, out long retryMs) =>
        TryTake(ref _requestsFullAt, perSecond, burst, now, out retryMs);

    /// <summary>Takes a token for a signal; see <see cref="Connections.RequestLimiter"/>.</summary>
    public bool TrySignal(int perSecond, int burst, double now, out long retryMs) =>
        TryTake(ref _signalsFullAt, perSecond, burst, now, out retryMs);

    /// <summary>Counts one socket more.</summary>
    /// <param name="first">It is the only one.</param>
    /// <returns>False if there are <paramref name="most"/> already, or this one isn't live.</returns>
    public bool TryEnter(int most, out bool first)
    {
        while (true)
        {
            var sockets = Volatile.Read(ref _sockets);
            first = sockets == 0;
            if (sockets == IsForgotten || sockets >= most)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _sockets, sockets + 1, sockets) == sockets)
            {
                return true;
            }
        }
    }

    /// <summary>Counts one socket less; true if it was the last one.</summary>
    public bool Leave()
    {
        while (true)
        {
            var sockets = Volatile.Read(ref _sockets);
            if (sockets <= 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _sockets, sockets - 1, sockets) == sockets)
            {
                return sockets == 1;
            }
        }
    }

    /// <summary>True if nothing of it is worth keeping: no socket and, unless <paramref name="anyway"/>, full buckets. It isn't live any
    /// more then.</summary>
    public bool TryForget(double now, bool anyway) =>
        (anyway || (Volatile.Read(ref _requestsFullAt) <= now && Volatile.Read(ref _signalsFullAt) <= now))
        && Interlocked.CompareExchange(ref _sockets, IsForgotten, 0) == 0;

    private static bool TryTake(ref double fullAt, int perSecond, int burst, double now, out long retryMs)
    {
        var interval = 1.0 / perSecond;
        while (true)
        {
            var was = Volatile.Read(ref fullAt);
            var from = Math.Max(was, now);
            var wait = from - now - ((burst - 1) * interval);
            if (wait > Rounding)
            {
                retryMs = Math.Max(1, (long)Math.Ceiling((wait - Rounding) * 1_000));
                return false;
            }

            if (Interlocked.CompareExchange(ref fullAt, from + interval, was) == was)
            {
                retryMs = 0;
                return true;
            }
        }
    }
}
