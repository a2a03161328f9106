using System.Globalization;
using System.Runtime.InteropServices;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Reporting;

/// <summary>What the figures depend on beside the code.</summary>
internal static class Machine
{
    public static IReadOnlyList<(string Name, string Value)> Facts { get; } =
    [
        ("processor", Processor()),
        ("cores", $"{Environment.ProcessorCount} cores"),
        ("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.#} GiB"),
        ("system", $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}"),
        ("runtime", RuntimeInformation.FrameworkDescription),
        ("load generator", $"one thread on {Poller()}"),
    ];

    /// <summary>Processes that ran or waited for a processor in the last minute, on average, or null where the system doesn't tell.
    /// Beyond the two of a measurement it says that something else disturbed it.</summary>
    public static double? LoadAverage
    {
        get
        {
            const string Path = "/proc/loadavg";
            return File.Exists(Path) ? double.Parse(File.ReadAllText(Path).Split(' ')[0], CultureInfo.InvariantCulture) : null;
        }
    }

    private static string Processor()
    {
        const string Path = "/proc/cpuinfo";
        var model = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? "unknown processor" : model[(model.IndexOf(':') + 1)..].Trim();
    }

    private static string Poller()
    {
        using var poller = Load.Poller.Create();
        return poller.Name;
    }
}
