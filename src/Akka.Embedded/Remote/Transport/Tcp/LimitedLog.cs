using Akka.Event;

namespace Akka.Remote.Transport.Tcp;

/// <summary>Warnings that a stranger can cause as often as he likes: one a minute is written, with the number of those that
/// weren't.</summary>
internal sealed class LimitedLog(ILoggingAdapter log, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _lastAt;
    private long _left;

    public void Warn(string what)
    {
        long left;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_lastAt is { } last && time.GetElapsedTime(last, now) < Interval)
            {
                _left++;
                return;
            }

            _lastAt = now;
            (left, _left) = (_left, 0);
        }

        if (left == 0)
            log.Warning("{0}", what);
        else
            log.Warning("{0} There were {1} such events since the last one that was logged.", what, left);
    }
}
