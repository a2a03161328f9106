using ChatAkka.Gateway.Limits;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>What <see cref="RequestLimiter.Judge"/> says of a frame.</summary>
internal enum Judgement
{
    /// <summary>Serve it.</summary>
    Admitted,

    /// <summary>Answer <c>rate_limited</c>.</summary>
    Limited,

    /// <summary>Leave it: it expects no answer.</summary>
    Dropped,

    /// <summary>Close: the client doesn't heed the answers.</summary>
    Hopeless,
}

/// <summary>
/// The rate limit of one socket, and of its account over all that it uses. Requests and signals (heartbeats, pings, <c>delivered</c>,
/// <c>read</c>, <c>typing</c>) have a bucket each: a busy group makes a client signal often, and that must not cost it its sends, so
/// signals may be ten times as many.
/// </summary>
internal struct RequestLimiter(LimitsOptions limits, long now)
{
    private const int SignalFactor = 10;
    private const int MaxInARow = 100;

    private TokenBucket _requests = new(limits.SocketBurst, now);
    private TokenBucket _signals = new(limits.SocketBurst * SignalFactor, now);
    private int _inARow;

    /// <summary>The account's part; null before the hello, and if there is no limit.</summary>
    public AccountUse? Account { get; set; }

    /// <param name="frame">A <see cref="ClientFrame"/> or a ping.</param>
    public Judgement Judge(object frame, LimitsOptions limits, long now, long frequency, out long retryMs)
    {
        var signal = frame is DeliveredFrame or ReadFrame or TypingFrame or HeartbeatFrame or PingReceived;
        var (rate, burst) = (limits.SocketRequestsPerSecond, limits.SocketBurst);
        var admitted = signal
            ? _signals.TryTake(rate * SignalFactor, burst * SignalFactor, now, frequency, out retryMs)
            : _requests.TryTake(rate, burst, now, frequency, out retryMs);
        if (admitted && Account is not null)
        {
            var seconds = now / (double)frequency;
            (rate, burst) = (limits.AccountRequestsPerSecond, limits.AccountBurst);
            admitted = signal
                ? Account.TrySignal(rate * SignalFactor, burst * SignalFactor, seconds, out retryMs)
                : Account.TryRequest(rate, burst, seconds, out retryMs);
        }

        if (admitted)
        {
            _inARow = signal ? _inARow : 0;
            return Judgement.Admitted;
        }

        if (++_inARow >= MaxInARow)
        {
            return Judgement.Hopeless;
        }

        return signal ? Judgement.Dropped : Judgement.Limited;
    }
}
