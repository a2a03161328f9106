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
