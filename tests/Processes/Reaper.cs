using System.Diagnostics;

namespace ChatAkka.Tests.Processes;

/// <summary>
/// Ends the servers that this test process leaves behind however it ends: a shell that reads which processes run and, when the pipe
/// from here closes, kills those that weren't taken off the list.
/// </summary>
internal static class Reaper
{
    private const string Script =
        """
        trap '' INT TERM
        list=' '
        while read -r sign pid; do
            case $sign in
            +) list="$list$pid " ;;
            -) list="${list%% "$pid" *} ${list#* "$pid" }" ;;
            esac
        done
        for pid in $list; do kill -9 "$pid"; done
        """;

    private static readonly Lazy<StreamWriter> List = new(Start);

    public static void Add(int pid) => Write('+', pid);

    public static void Remove(int pid) => Write('-', pid);

    private static void Write(char sign, int pid)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var list = List.Value;
        lock (list)
        {
            list.Write($"{sign} {pid}\n");
            list.Flush();
        }
    }

    private static StreamWriter Start()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!.StandardInput;
    }
}
