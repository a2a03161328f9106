using System.Diagnostics;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>A file system of a few megabytes, in memory. Where mounting isn't allowed the test that asks for one is skipped, and says
/// so.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempDirectory _directory = new();

    public string Path => _directory.Path;

    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk();
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path))
        {
            disk._directory.Dispose();
            Skip.If(true, "A small tmpfs can't be mounted here (that takes Linux and root); the full disk is only simulated by max_page_count.");
        }

        return disk;
    }

    public void Grow(int megabytes) => Run("mount", "-o", $"remount,size={megabytes}m", Path).ShouldBeTrue();

    /// <summary>Writes 2, 3, … until the disk is full.</summary>
    /// <returns>The number of the last one that succeeded.</returns>
    public async Task<int> WriteUntilFull(Func<int, Task> write)
    {
        for (var i = 2; ; i++)
        {
            try
            {
                await write(i);
            }
            catch (StorageUnavailableException)
            {
                return i - 1;
            }
        }
    }

    public void Dispose()
    {
        Run("umount", Path).ShouldBeTrue();
        _directory.Dispose();
    }

    internal static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
