using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Benchmarks.Server;
using Npgsql;

namespace Benchmarks.PostgreSql;

/// <summary>PostgreSQL's own load generator, which runs one bare INSERT a transaction: what the server can do at best for who commits each
/// message by itself.</summary>
internal sealed partial class Pgbench(string? program, string database)
{
    private const string Name = "pgbench";
    private const string DebiansPlace = "/usr/lib/postgresql";

    private const string CreateTable = "CREATE TABLE bare (channel bigint, id bigint, body text, PRIMARY KEY (channel, id))";

    // Each client has a channel of its own.
    private const string Script = """
        \set id :id + 1
        INSERT INTO bare (channel, id, body) VALUES (:client_id, :id, repeat('x', 100));
        """;

    /// <summary>Transactions a second.</summary>
    /// <exception cref="BenchmarkException">It can't be run.</exception>
    public async Task<double> RunAsync(int clients, int seconds)
    {
        await using (var connection = await Databases.ConnectAsync(database))
        {
            await connection.ExecuteAsync("DROP TABLE IF EXISTS bare");
            await connection.ExecuteAsync(CreateTable);
        }

        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Script);
            return await RunAsync(script, clients, seconds);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private async Task<double> RunAsync(string script, int clients, int seconds)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo(program ?? Find()) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(clients, Environment.ProcessorCount)}",
            $"--time={seconds}", "--define=id=0", $"--file={script}",
            $"--host={server.Host}", $"--port={server.Port}", $"--username={server.Username}", server.Database!,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["PGPASSWORD"] = server.Password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && Rate().Match(said) is { Success: true } rate
            ? double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new BenchmarkException($"{Name} ended with code {process.ExitCode}: {await errors}");
    }

    private static string Find()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        string[] versions = Directory.Exists(DebiansPlace) ? [.. Directory.GetDirectories(DebiansPlace).OrderDescending()] : [];
        var debians = versions.Select(version => Path.Combine(version, "bin"));
        return path.Concat(debians).Select(directory => Path.Combine(directory, Name)).FirstOrDefault(File.Exists)
            ?? throw new BenchmarkException($"{Name} isn't installed; name it with --pgbench");
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Rate();
}
