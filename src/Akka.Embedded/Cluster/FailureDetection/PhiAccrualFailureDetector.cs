namespace Akka.Cluster;

/// <summary>
/// Tells from when a node's heartbeats came how improbable it is that the next one is merely late: the φ accrual failure detector of
/// Hayashibara and others.
/// </summary>
/// <remarks>The normal distribution's tail is approximated by a logistic function, as usual (Bowling and others, 2009).</remarks>
internal sealed class PhiAccrualFailureDetector
{
    private readonly double _threshold;
    private readonly double _minDeviation;
    private readonly double _acceptablePause;
    private readonly double _longest;

    // The times between heartbeats in milliseconds, the oldest of which is overwritten by the next.
    private readonly double[] _intervals;
    private readonly int _capacity;
    private int _count;
    private int _next;
    private double _sum;
    private double _sumOfSquares;
    private TimeSpan _last;

    /// <param name="setup">The threshold, and what is reckoned with before anything is known.</param>
    /// <param name="now">Of the first heartbeat.</param>
    public PhiAccrualFailureDetector(ClusterSetup setup, TimeSpan now)
    {
        _threshold = setup.PhiThreshold;
        _minDeviation = setup.MinHeartbeatStandardDeviation.TotalMilliseconds;
        _acceptablePause = setup.AcceptableHeartbeatPause.TotalMilliseconds;
        _capacity = setup.HeartbeatHistory;
        _intervals = new double[_capacity];
        var expected = setup.HeartbeatInterval.TotalMilliseconds;
        _longest = expected * 2;
        Remember(expected - expected / 4);
        Remember(expected + expected / 4);
        _last = now;
    }

    /// <summary>It must be improbable beyond doubt that the node is alive.</summary>
    public bool IsAvailable(TimeSpan now) => Phi(now) < _threshold;

    /// <summary>
    /// A heartbeat has come. One after a long silence says nothing of the usual times, and isn't remembered; one after a pause is remembered as
    /// merely late: pauses are what the acceptable pause is for, and one that was learned would make the next death be noticed seconds later.
    /// </summary>
    public void Heartbeat(TimeSpan now)
    {
        if (IsAvailable(now))
            Remember(Math.Min((now - _last).TotalMilliseconds, _longest));
        _last = now;
    }

    /// <summary>The silence until now doesn't count.</summary>
    public void Forgive(TimeSpan now) => _last = now;

    /// <summary>The negative decimal logarithm of the probability that a heartbeat comes later than now.</summary>
    public double Phi(TimeSpan now)
    {
        var elapsed = (now - _last).TotalMilliseconds;
        var mean = _sum / _count;
        var deviation = Math.Max(_minDeviation, Math.Sqrt(Math.Max(0, _sumOfSquares / _count - mean * mean)));
        var y = (elapsed - mean - _acceptablePause) / deviation;
        // Log10 of 1 + e^x, which is x * log10(e) where e^x has no room any more.
        var x = y * (1.5976 + 0.070566 * y * y);
        return x > 500 ? x * Math.Log10(Math.E) : Math.Log10(1 + Math.Exp(x));
    }

    private void Remember(double interval)
    {
        if (_count == _capacity)
        {
            var oldest = _intervals[_next];
            _sum -= oldest;
            _sumOfSquares -= oldest * oldest;
        }
        else
        {
            _count++;
        }

        _intervals[_next] = interval;
        _sum += interval;
        _sumOfSquares += interval * interval;
        _next = (_next + 1) % _capacity;
    }
}
