using System.Diagnostics;

namespace Benchmarks.Runtime;

/// <summary>Repeats, takes medians, prints lines of one table.</summary>
internal static class Measure
{
    private const int Rounds = 7;

    /// <summary>The median rate of <paramref name="operations"/> operations, after two rounds that don't count.</summary>
    public static async Task Rate(string name, long operations, Func<Task> round)
    {
        var rates = new double[Rounds];
        for (var i = -2; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await round();
            if (i >= 0)
                rates[i] = operations / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(rates);
        Line(name, $"{rates[Rounds / 2]:N0}/s", $"{rates[0]:N0} to {rates[^1]:N0}");
    }

    public static void Line(string name, string value, string note = "") => Console.WriteLine($"{name,-52}{value,18}   {note}");

    /// <summary>Bytes in use on the managed heap, with nothing left to collect.</summary>
    public static long Heap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    public static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        return process.WorkingSet64;
    }
}
