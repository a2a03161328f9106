using System.CommandLine;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Reports;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.Replay;

/// <summary>The command line.</summary>
internal static class ReplayCommand
{
    /// <summary>Everything was replayed and nothing is wrong.</summary>
    public const int Clean = 0;

    /// <summary>A promise was broken, or the replay didn't get to its end.</summary>
    public const int Broken = 1;

    /// <summary>Data, server or scenario is missing: nothing was replayed.</summary>
    public const int Missing = 2;

    public static RootCommand Create()
    {
        var command = ReplayArguments.Command();
        command.SetAction((parsed, stop) => RunAsync(parsed, parsed.InvocationConfiguration.Output, stop));
        return command;
    }

    /// <summary>What a finished run means for the caller.</summary>
    public static int ExitCode(IReadOnlyList<Row> rows) => rows.Count > 0 && rows.All(r => r.IsClean) ? Clean : Broken;

    private static async Task<int> RunAsync(ParseResult parsed, TextWriter output, CancellationToken stop)
    {
        var options = ReplayArguments.Options(parsed);
        var storage = default(ReplayStorage);
        var rows = default(IReadOnlyList<Row>);
        try
        {
            var program = ServerLocation.Find(parsed.GetValue(ReplayArguments.Server));
            storage = await ReplayStorage.CreateAsync(
                parsed.GetValue(ReplayArguments.Postgres), options.Cuts > 0, options.Faults.Contains(ClusterFaults.Store)).ConfigureAwait(false);
            rows = await ReplayAsync(options, program, storage, output, stop).ConfigureAwait(false);
            Report.Write(output, rows);
            return Conclude(rows, output);
        }
        catch (MissingDataException e)
        {
            output.WriteLine($"Nothing was replayed: {e.Message}.");
            return Missing;
        }
        catch (Exception e) when (e is ServerFailedException or WaitFailedException or OperationCanceledException)
        {
            output.WriteLine($"The replay did not finish: {e.Message}");
            return Broken;
        }
        finally
        {
            if (storage is not null)
            {
                await storage.ClearAsync(keep: rows is not null && ExitCode(rows) != Clean, output).ConfigureAwait(false);
            }
        }
    }

    private static async Task<IReadOnlyList<Row>> ReplayAsync(
        ReplayOptions options, string program, ReplayStorage storage, TextWriter output, CancellationToken stop)
    {
        var replayer = new Replayer(options, TimeProvider.System, output);
        output.WriteLine($"replaying {Path.GetFullPath(options.Data)} with seed {options.Seed} and {Faults(options)} in each scenario");
        var tokens = IntegratorTokens.WithNewKey(TimeProvider.System);
        var settings = new ClusterSettings(program)
        {
            Nodes = options.Nodes,
            Directory = storage.Directory,
            Database = storage.ConnectionString,
            IntegratorKey = tokens.Key,
            IsLinked = options.Faults.Any(ClusterFaults.OfLinks.Contains),
        };
        if (options.Nodes > 1)
        {
            return await ReplayAsync(replayer, settings, storage, tokens, stop).ConfigureAwait(false);
        }

        var server = new NodeHost(settings);
        await using (server.ConfigureAwait(false))
        {
            await server.StartAsync(stop).ConfigureAwait(false);
            return await replayer.RunAsync(server, tokens, stop, storage.Link).ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyList<Row>> ReplayAsync(
        Replayer replayer, ClusterSettings settings, ReplayStorage storage, IntegratorTokens tokens, CancellationToken stop)
    {
        var cluster = await ClusterOfServers.StartAsync(settings, stop).ConfigureAwait(false);
        await using (cluster.ConfigureAwait(false))
        {
            var servers = new ClusterServers(cluster, storage.Postgres, new FaultDurations(), TimeProvider.System);
            await using (servers.ConfigureAwait(false))
            {
                return await replayer.RunAsync(servers, tokens, stop).ConfigureAwait(false);
            }
        }
    }

    private static int Conclude(IReadOnlyList<Row> rows, TextWriter output)
    {
        var code = ExitCode(rows);
        output.WriteLine(code == Clean
            ? $"Every acknowledged text was on every device, once, unchanged and in order: {rows.Sum(r => r.Messages)} messages, {rows.Sum(r => r.Deliveries)} deliveries."
            : rows.All(r => r.Messages == 0)
                ? "Nothing was replayed."
                : $"The promises were NOT kept: {rows.Sum(r => r.Findings.Count)} findings.");
        return code;
    }

    private static string Faults(ReplayOptions options) => options switch
    {
        { Nodes: > 1 } => $"{options.Faults.Count} faults of {options.Nodes} nodes",
        { Cuts: 0 } => $"{options.Kills} kills",
        _ => $"{options.Kills} kills and {options.Cuts} cuts",
    };
}
