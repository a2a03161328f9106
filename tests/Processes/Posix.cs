using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ChatAkka.Tests.Processes;

/// <summary>What .NET has no call for. Linux only.</summary>
internal static class Posix
{
    private const int FileSize = 1;
    private const int OpenFiles = 7;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int pid) => Signal(pid, SigTerm);

    /// <summary>Stops a process where it is, without its knowledge, until <see cref="Thaw"/>. It stands when this returns.</summary>
    public static void Freeze(int pid)
    {
        Signal(pid, SigStop);
        var isStanding = SpinWait.SpinUntil(() => StateOf(pid) is 'T' or 'Z', TimeSpan.FromSeconds(5));
        if (!isStanding)
        {
            throw new InvalidOperationException($"process {pid} doesn't stand still 5 s after SIGSTOP");
        }
    }

    /// <summary>Lets a process go on that <see cref="Freeze"/> stopped.</summary>
    public static void Thaw(int pid) => Signal(pid, SigCont);

    /// <summary>Ends a process at once; it learns nothing of it.</summary>
    public static void Kill(int pid) => Signal(pid, SigKill);

    /// <summary>Sets how large a file a running process may write; null lifts the limit.</summary>
    public static void LimitFileSize(int pid, long? bytes) => Limit(pid, FileSize, bytes);

    /// <summary>Sets how many files a running process may have open; null lifts the limit.</summary>
    public static void LimitOpenFiles(int pid, long? count) => Limit(pid, OpenFiles, count);

    // All threads of it: the signal reaches one after the other.
    private static char StateOf(int pid)
    {
        try
        {
            var states = Directory.GetDirectories($"/proc/{pid}/task").Select(thread =>
            {
                var stat = File.ReadAllText(Path.Combine(thread, "stat"));
                return stat[stat.LastIndexOf(')') + 2];
            }).ToHashSet();
            return states.Count == 1 ? states.Single() : 'R';
        }
        catch (IOException)
        {
            return 'R'; // one of them has ended meanwhile
        }
    }

    private static void Signal(int pid, int signal)
    {
        if (Send(pid, signal) != 0)
        {
            throw new Win32Exception();
        }
    }

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
    private static extern int Send(int pid, int signal);

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
