using System.Numerics;

namespace ChatAkka.Replay.Reports;

/// <summary>Counts durations in buckets of at most 1.6 % width, in microseconds: a quantile of millions in a few KB.</summary>
internal sealed class LatencyHistogram
{
    private const int Fine = 6; // bits of each power of two that are told apart

    private readonly long[] _counts = new long[64 << Fine];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _counts[Bucket((ulong)Math.Max(0, duration.TotalMicroseconds))]++;
        Count++;
    }

    /// <summary>The duration that a share <paramref name="q"/> of all doesn't exceed; zero when there is none.</summary>
    public TimeSpan Quantile(double q)
    {
        var rank = (long)Math.Ceiling(q * Count);
        for (var b = 0; b < _counts.Length && Count > 0; b++)
        {
            rank -= _counts[b];
            if (rank <= 0)
            {
                return TimeSpan.FromMicroseconds(Middle(b));
            }
        }

        return TimeSpan.Zero;
    }

    private static int Bucket(ulong value)
    {
        var shift = Math.Max(0, BitOperations.Log2(value | 1) - Fine);
        return (shift << Fine) + (int)(value >> shift);
    }

    private static double Middle(int bucket)
    {
        // Below 2^(Fine+1) a bucket is one value; above, its upper bits are the shift plus one.
        var shift = Math.Max(0, (bucket >> Fine) - 1);
        return (bucket - (shift << Fine) + 0.5) * Math.Pow(2, shift) - 0.5;
    }
}
