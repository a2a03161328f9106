using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>What .NET has no call for. Linux only.</summary>
internal static class Posix
{
    private const int FileSize = 1;
    private const int OpenFiles = 7;
    private const int SigTerm = 15;

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int pid)
    {
        if (Kill(pid, SigTerm) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Sets how large a file a running process may write; null lifts the limit.</summary>
    public static void LimitFileSize(int pid, long? bytes) => Limit(pid, FileSize, bytes);

    /// <summary>Sets how many files a running process may have open; null lifts the limit.</summary>
    public static void LimitOpenFiles(int pid, long? count) => Limit(pid, OpenFiles, count);

    // Only the soft limit, so that nobody needs a privilege to lift it again.
    private static void Limit(int pid, int resource, long? value)
    {
        if (ReadLimit(pid, resource, 0, out var limit) != 0)
        {
            throw new Win32Exception();
        }

        limit.Soft = value is { } wanted ? (ulong)wanted : limit.Hard;
        if (WriteLimit(pid, resource, ref limit, 0) != 0)
        {
            throw new Win32Exception();
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static extern int ReadLimit(int pid, int resource, nint none, out ResourceLimit limit);

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static extern int WriteLimit(int pid, int resource, ref ResourceLimit limit, nint none);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
