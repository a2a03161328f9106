using System.Globalization;
using Npgsql;

namespace Benchmarks.Server.Hosting;

/// <summary>The processes of a PostgreSQL server on this machine: the postmaster and its children, one for each connection and a few that
/// work for all.</summary>
internal sealed class PostgresProcesses
{
    private const double TicksPerSecond = 100; // whatever the kernel's own tick is, /proc counts in this one

    // Fields of /proc/<pid>/stat behind the name, which is in parentheses.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int UserTimeOfEndedChildren = 13;
    private const int SystemTimeOfEndedChildren = 14;

    private readonly int _postmaster;

    private PostgresProcesses(int postmaster) => _postmaster = postmaster;

    /// <summary>Processor time so far, of user and system, those included that have ended.</summary>
    public double CpuSeconds
    {
        get
        {
            long ticks = 0;
            foreach (var directory in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                    && ReadStat(pid) is { } stat && (pid == _postmaster || stat[Parent] == _postmaster))
                {
                    ticks += stat[UserTime] + stat[SystemTime];
                    ticks += pid == _postmaster ? stat[UserTimeOfEndedChildren] + stat[SystemTimeOfEndedChildren] : 0;
                }
            }

            return ticks / TicksPerSecond;
        }
    }

    /// <exception cref="BenchmarkException">The server's data directory can't be read here.</exception>
    public static PostgresProcesses Find(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand("SHOW data_directory", connection);
        var file = Path.Combine((string)command.ExecuteScalar()!, "postmaster.pid");
        try
        {
            return new PostgresProcesses(int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchmarkException(
                $"PostgreSQL's processes can't be told: {e.Message} Run this on its machine, as a user who may read that.");
        }
    }

    /// <summary>The numbers behind the name; null if the process has ended.</summary>
    private static long[]? ReadStat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[..(SystemTimeOfEndedChildren + 1)];
            return [.. fields.Select((field, i) => i == 0 ? 0 : long.Parse(field, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
