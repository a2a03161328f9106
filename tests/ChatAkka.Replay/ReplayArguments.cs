using System.CommandLine;
using System.CommandLine.Parsing;
using ChatAkka.Replay.Faults;

namespace ChatAkka.Replay;

/// <summary>What can be said on the command line.</summary>
internal static class ReplayArguments
{
    /// <summary>Where the built server is.</summary>

    public static readonly Option<string?> Server = new("--server")
    {
        Description = "ChatAkka.Server.dll; by default the one built beside this program",
    };

    public static readonly Option<bool> Postgres = new("--postgres")
    {
        Description = $"Keep the servers' data in a new database of the PostgreSQL server that {PostgresDatabases.Variable} names",
    };

    public static readonly Option<int> Nodes = new("--nodes")
    {
        Description = "Servers; several form a cluster, and take --postgres",
        DefaultValueFactory = _ => 1,
    };

    private const int TimesByDefault = 5;
    private static readonly (int Alone, int Several) SecondsByDefault = (600, 4 * 3600);
    private static readonly (int Alone, int Several) StallByDefault = (40, 120);

    private static readonly Argument<string> Data = new("data")
    {
        Description = "Directory with ubuntu-irc/*.raw.txt and korean-chat/ChatbotData.csv",
    };

    private static readonly Option<bool> Kill = new("--kill")
    {
        Description = "Kill the server in mid-flight, several times in each scenario, and restart it",
    };

    private static readonly Option<int> Kills = new("--kills")
    {
        Description = "How many times",
        DefaultValueFactory = _ => TimesByDefault,
    };

    private static readonly Option<bool> Cut = new("--cut")
    {
        Description = "Cut the server off from PostgreSQL in mid-flight, several times in each scenario, and heal that",
    };

    private static readonly Option<int> Cuts = new("--cuts") { Description = "How many times", DefaultValueFactory = _ => TimesByDefault };
    private static readonly Option<string> Faults = new("--faults")
    {
        Description =
            $"What happens to a cluster in mid-flight, separated by commas: {string.Join(", ", ClusterFaults.Names)}; or {FaultList.All}; "
            + "each with a colon and how often it does in each scenario, if not --times",
        DefaultValueFactory = _ => "",
        Validators = { CheckFaults },
    };

    private static readonly Option<int> Times = new("--times")
    {
        Description = "How often each of --faults happens in each scenario",
        DefaultValueFactory = _ => TimesByDefault,
    };

    private static readonly Option<int> Pace = new("--pace")
    {
        Description = "Texts a second while one of --faults passes, so that some are left for the next; 0: no limit",
        DefaultValueFactory = _ => 25,
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "What everything random follows from",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> Scenario = new("--scenario")
    {
        Description = "irc, korean or all",
        DefaultValueFactory = _ => "all",
    };

    private static readonly Option<int> Messages = new("--messages") { Description = "Messages in a scenario at most; 0: no limit" };

    private static readonly Option<int> Files = new("--files")
    {
        Description = "IRC files, the longest first; 0: all",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> InFlight = new("--in-flight")
    {
        Description = "Sends in flight in the second IRC scenario",
        DefaultValueFactory = _ => 32,
    };

    private static readonly Option<int> Pairs = new("--pairs")
    {
        Description = "Pairs of people in the Korean scenario",
        DefaultValueFactory = _ => 1000,
    };

    private static readonly Option<double> Restless = new("--restless")
    {
        Description = "Share of the devices that go away and come back, 0 to 1",
        DefaultValueFactory = _ => 1.0 / 3,
    };

    private static readonly Option<int?> Seconds = new("--timeout")
    {
        Description = $"Seconds that everything may take; {SecondsByDefault.Alone}, with several nodes {SecondsByDefault.Several}",
    };

    private static readonly Option<int?> Stall = new("--stall")
    {
        Description = $"Seconds that nothing may move; {StallByDefault.Alone}, with several nodes {StallByDefault.Several}",
    };

    /// <summary>The command, which does nothing yet.</summary>
    public static RootCommand Command()
    {
        var command = new RootCommand("Replays real chat through ChatAkka servers over real sockets, and proves that nothing was lost.")
        {
            Data, Kill, Kills, Postgres, Cut, Cuts, Nodes, Faults, Times, Pace, Seed, Scenario, Messages, Files, InFlight, Pairs, Restless,
            Seconds, Stall, Server,
        };
        command.Validators.Add(CheckTogether);
        return command;
    }

    /// <summary>What was said.</summary>
    public static ReplayOptions Options(ParseResult parsed)
    {
        var isCluster = parsed.GetValue(Nodes) > 1;
        return new ReplayOptions
        {
            Data = parsed.GetValue(Data)!,
            Scenario = parsed.GetValue(Scenario)!,
            Seed = parsed.GetValue(Seed),
            Kills = parsed.GetValue(Kill) ? parsed.GetValue(Kills) : 0,
            Cuts = parsed.GetValue(Cut) ? parsed.GetValue(Cuts) : 0,
            Nodes = parsed.GetValue(Nodes),
            Faults = FaultList.Parse(parsed.GetValue(Faults)!, parsed.GetValue(Times)),
            Pace = parsed.GetValue(Pace),
            Messages = parsed.GetValue(Messages),
            Files = parsed.GetValue(Files),
            InFlight = parsed.GetValue(InFlight),
            Pairs = parsed.GetValue(Pairs),
            Restless = Math.Clamp(parsed.GetValue(Restless), 0, 1),
            Timeout = TimeSpan.FromSeconds(
                parsed.GetValue(Seconds) ?? (isCluster ? SecondsByDefault.Several : SecondsByDefault.Alone)),
            Stall = TimeSpan.FromSeconds(parsed.GetValue(Stall) ?? (isCluster ? StallByDefault.Several : StallByDefault.Alone)),
        };
    }

    private static void CheckTogether(CommandResult parsed)
    {
        var isCluster = parsed.GetValue(Nodes) > 1;
        if (parsed.GetValue(Cut) && !parsed.GetValue(Postgres))
        {
            parsed.AddError("--cut cuts the server off from PostgreSQL: it takes --postgres as well.");
        }

        if (isCluster && !parsed.GetValue(Postgres))
        {
            parsed.AddError("--nodes of more than 1 store on PostgreSQL: it takes --postgres as well.");
        }

        if (isCluster && (parsed.GetValue(Kill) || parsed.GetValue(Cut)))
        {
            parsed.AddError("--kill and --cut are for a single server: name what happens to a cluster with --faults.");
        }

        if (!isCluster && !string.IsNullOrEmpty(parsed.GetValue(Faults)))
        {
            parsed.AddError("--faults happen to a cluster: it takes --nodes of more than 1.");
        }
    }

    private static void CheckFaults(OptionResult result)
    {
        try
        {
            FaultList.Parse(result.GetValueOrDefault<string>() ?? "", TimesByDefault);
        }
        catch (FormatException e)
        {
            result.AddError($"--faults: {e.Message}.");
        }
    }
}
