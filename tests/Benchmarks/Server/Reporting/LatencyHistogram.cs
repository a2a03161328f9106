using System.Numerics;

namespace Benchmarks.Server.Reporting;

/// <summary>Durations in µs, in buckets that are exact up to 2 ms and at most 0.1 % wide above: any number of samples, nothing
/// allocated.</summary>
internal sealed class LatencyHistogram
{
    private const int ExactBits = 11;
    private const int Buckets = 1 << (ExactBits - 1);
    private const int MaxBits = 40;

    private readonly long[] _counts = new long[(MaxBits - ExactBits + 2) * Buckets];
    private long _max;

    public long Count { get; private set; }

    public void Add(long microseconds)
    {
        var value = Math.Clamp(microseconds, 0, (1L << MaxBits) - 1);
        _counts[Index(value)]++;
        _max = Math.Max(_max, value);
        Count++;
    }

    /// <summary>In ms; -1 without samples.</summary>
    /// <param name="quantile">0 to 1.</param>
    public double Milliseconds(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        for (var i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0 && _counts[i] > 0)
            {
                return Math.Min(Highest(i), _max) / 1000.0;
            }
        }

        return -1;
    }

    // Values below 2^ExactBits are their own index; above, each doubling has as many buckets as fit into half of that.
    private static int Index(long value)
    {
        var shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)value) - ExactBits);
        return shift * Buckets + (int)(value >> shift);
    }

    private static long Highest(int index)
    {
        var shift = Math.Max(0, index / Buckets - 1);
        return ((index - (long)shift * Buckets + 1) << shift) - 1;
    }
}
