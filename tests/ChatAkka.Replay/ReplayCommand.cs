using System.CommandLine;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;
using ChatAkka.Replay.Reports;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

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

    private const int KillsByDefault = 5;

    private static readonly Argument<string> Data = new("data") { Description = "Directory with ubuntu-irc/*.raw.txt and korean-chat/ChatbotData.csv" };
    private static readonly Option<bool> Kill = new("--kill") { Description = "Kill the server in mid-flight, several times in each scenario, and restart it" };
    private static readonly Option<int> Kills = new("--kills") { Description = "How many times", DefaultValueFactory = _ => KillsByDefault };
    private static readonly Option<int> Seed = new("--seed") { Description = "What everything random follows from", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Scenario = new("--scenario") { Description = "irc, korean or all", DefaultValueFactory = _ => "all" };
    private static readonly Option<int> Messages = new("--messages") { Description = "Messages in a scenario at most; 0: no limit" };
    private static readonly Option<int> Files = new("--files") { Description = "IRC files, the longest first; 0: all", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> InFlight = new("--in-flight") { Description = "Sends in flight in the second IRC scenario", DefaultValueFactory = _ => 32 };
    private static readonly Option<int> Pairs = new("--pairs") { Description = "Pairs of people in the Korean scenario", DefaultValueFactory = _ => 1000 };
    private static readonly Option<double> Restless = new("--restless")
    {
        Description = "Share of the devices that go away and come back, 0 to 1",
        DefaultValueFactory = _ => 1.0 / 3,
    };

    private static readonly Option<int> Seconds = new("--timeout") { Description = "Seconds that everything may take", DefaultValueFactory = _ => 600 };
    private static readonly Option<int> Stall = new("--stall") { Description = "Seconds that nothing may move", DefaultValueFactory = _ => 40 };
    private static readonly Option<string?> ServerPath = new("--server") { Description = "ChatAkka.Server.dll; by default the one built beside this program" };

    public static RootCommand Create()
    {
        var command = new RootCommand("Replays real chat through a ChatAkka server over real sockets, and proves that nothing was lost.")
        {
            Data, Kill, Kills, Seed, Scenario, Messages, Files, InFlight, Pairs, Restless, Seconds, Stall, ServerPath,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed, parsed.InvocationConfiguration.Output, stop));
        return command;
    }

    /// <summary>What a finished run means for the caller.</summary>
    public static int ExitCode(IReadOnlyList<Row> rows) => rows.Count > 0 && rows.All(r => r.IsClean) ? Clean : Broken;

    private static async Task<int> RunAsync(ParseResult parsed, TextWriter output, CancellationToken stop)
    {
        var options = new ReplayOptions
        {
            Data = parsed.GetValue(Data)!,
            Scenario = parsed.GetValue(Scenario)!,
            Seed = parsed.GetValue(Seed),
            Kills = parsed.GetValue(Kill) ? parsed.GetValue(Kills) : 0,
            Messages = parsed.GetValue(Messages),
            Files = parsed.GetValue(Files),
            InFlight = parsed.GetValue(InFlight),
            Pairs = parsed.GetValue(Pairs),
            Restless = Math.Clamp(parsed.GetValue(Restless), 0, 1),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Stall = TimeSpan.FromSeconds(parsed.GetValue(Stall)),
        };
        var storage = Directory.CreateTempSubdirectory("chatakka-replay-").FullName;
        var rows = default(IReadOnlyList<Row>);
        try
        {
            rows = await ReplayAsync(options, ServerLocation.Find(parsed.GetValue(ServerPath)), storage, output, stop).ConfigureAwait(false);
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
            Clear(storage, keep: rows is not null && ExitCode(rows) != Clean, output);
        }
    }

    private static async Task<IReadOnlyList<Row>> ReplayAsync(
        ReplayOptions options, string program, string storage, TextWriter output, CancellationToken stop)
    {
        var replayer = new Replayer(options, TimeProvider.System, output);
        output.WriteLine($"replaying {Path.GetFullPath(options.Data)} with seed {options.Seed} and {options.Kills} kills in each scenario");
        var tokens = IntegratorTokens.WithNewKey(TimeProvider.System);
        var server = new ServerProcess(new ServerLaunch(program, storage, tokens.Key), TimeProvider.System);
        await using (server.ConfigureAwait(false))
        {
            await server.StartAsync(stop).ConfigureAwait(false);
            return await replayer.RunAsync(server, tokens, stop).ConfigureAwait(false);
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

    private static void Clear(string storage, bool keep, TextWriter output)
    {
        if (keep)
        {
            output.WriteLine($"The server's data was kept in '{storage}'.");
            return;
        }

        Directory.Delete(storage, recursive: true);
    }
}
