using Microsoft.Extensions.Logging;

namespace ChatAkka.Push.Logging;

/// <summary>Tells the operator of failing notifications at once, and then once a minute at most: a receiver that is down fails them all.
/// Thread-safe.</summary>
internal sealed class FailureReport(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private long? _reportedAt;
    private int _retried;
    private int _dead;

    public void Add(bool isDead, string reason)
    {
        int retried, dead;
        lock (_gate)
        {
            (_retried, _dead) = isDead ? (_retried, _dead + 1) : (_retried + 1, _dead);
            if (_reportedAt is { } at && time.GetElapsedTime(at) < Period)
            {
                return;
            }

            (retried, dead) = (_retried, _dead);
            (_reportedAt, _retried, _dead) = (time.GetTimestamp(), 0, 0);
        }

        PushLog.Failing(log, retried, dead, reason);
    }
}
