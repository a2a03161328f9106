namespace ChatAkka.Replay;

/// <summary>What to replay, and how roughly.</summary>
internal sealed record ReplayOptions
{
    /// <summary>Directory with <c>ubuntu-irc/</c> and <c>korean-chat/</c>.</summary>
    public required string Data { get; init; }

    /// <summary>Scenario names start with this; "all" for every one.</summary>
    public string Scenario { get; init; } = "all";

    /// <summary>Everything random follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Kills in each scenario.</summary>
    public int Kills { get; init; }

    /// <summary>Cuts between the server and its store in each scenario.</summary>
    public int Cuts { get; init; }

    /// <summary>Servers; several form a cluster.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>What happens to the cluster in each scenario: names of <see cref="Replay.Faults.ClusterFaults"/>.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Texts a second while a fault of a cluster passes, in all conversations together; 0: no limit.</summary>
    public int Pace { get; init; } = 25;

    /// <summary>How long after its healing a fault of a cluster may be felt.</summary>
    public TimeSpan QuietWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages of each scenario at most; 0: no limit.</summary>
    public int Messages { get; init; }

    /// <summary>IRC files, those with most lines first; 0: all.</summary>
    public int Files { get; init; } = 5;

    /// <summary>Most talkative speakers of an IRC file that become the group.</summary>
    public int Speakers { get; init; } = 100;

    /// <summary>Sends in flight in the IRC scenario that has several.</summary>
    public int InFlight { get; init; } = 32;

    /// <summary>Pairs of people in the Korean scenario.</summary>
    public int Pairs { get; init; } = 1000;

    /// <summary>Share of the devices that go away and come back during a scenario.</summary>
    public double Restless { get; init; } = 1.0 / 3;

    /// <summary>How long everything may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long nothing may move. Longer than a killed server may take to come back.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a channel may take to show the last cursors; then what it shows is judged.</summary>
    public TimeSpan CursorsWithin { get; init; } = TimeSpan.FromSeconds(10);
}
