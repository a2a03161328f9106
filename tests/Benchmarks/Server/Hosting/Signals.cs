using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Benchmarks.Server.Hosting;

internal static partial class Signals
{
    private const int Terminate = 15;

    /// <summary>Sends SIGTERM; false where there is no such thing.</summary>
    public static bool TryTerminate(Process process) => !OperatingSystem.IsWindows() && Kill(process.Id, Terminate) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
