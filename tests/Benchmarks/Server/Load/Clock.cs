using System.Diagnostics;

namespace Benchmarks.Server.Load;

/// <summary>The load generator's only clock: timestamps of <see cref="Stopwatch"/>.</summary>
internal static class Clock
{
    public static long Now => Stopwatch.GetTimestamp();

    public static long Add(long timestamp, double seconds) => timestamp + (long)(seconds * Stopwatch.Frequency);

    public static double Seconds(long from, long to) => (double)(to - from) / Stopwatch.Frequency;

    public static long Microseconds(long from, long to) => (long)((to - from) * (1e6 / Stopwatch.Frequency));
}
