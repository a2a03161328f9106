using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Server.Hosting;

/// <summary>Memory of a process, in bytes.</summary>
/// <param name="Resident">All pages that are in memory (VmRSS).</param>
/// <param name="Anonymous">Those of them that no file backs: heaps and stacks, but not code (RssAnon). 0 where it isn't told.</param>
internal readonly record struct ProcessMemory(long Resident, long Anonymous)
{
    public static ProcessMemory Of(Process process)
    {
        if (OperatingSystem.IsLinux())
        {
            var status = File.ReadAllLines($"/proc/{process.Id}/status");
            return new ProcessMemory(Read(status, "VmRSS:"), Read(status, "RssAnon:"));
        }

        process.Refresh();
        return new ProcessMemory(process.WorkingSet64, 0);
    }

    private static long Read(string[] status, string name)
    {
        var line = status.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
