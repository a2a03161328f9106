using ChatAkka.MultiNode.Tests.Harness;
using ChatAkka.Replay;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Reports;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Tests.EndToEnd;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Faults;

/// <summary>A small replay while something happens to a cluster: P1 to P6 hold, and everything comes to rest by itself.</summary>
public abstract class FaultTest : ClusterTest
{
    /// <summary>Over before the others have given a node up.</summary>
    private protected static readonly FaultDurations Short = new() { ShareOfShort = 1, Short = TimeSpan.FromSeconds(2) };

    /// <summary>The others have given up a node that is gone for so long.</summary>
    private protected static readonly FaultDurations Long = new()
    {
        ShareOfShort = 0,
        Long = TimeSpan.FromSeconds(10),
        Longest = TimeSpan.FromSeconds(12),
    };

    private readonly ITestOutputHelper _output;

    private protected FaultTest(ClusterFixture fixture, ITestOutputHelper output)
        : base(fixture) => _output = output;

    /// <param name="scenario">korean: twenty chats at once; irc: a group, its talk at first one by one, then with several on their
    /// way.</param>
    private protected async Task SurviveAsync(string fault, FaultDurations durations, string scenario = "korean", int seed = 1)
    {
        using var chat = new MadeUpChat(speakers: 12, lines: 600, pairs: 300);
        var options = new ReplayOptions
        {
            Data = chat.Path,
            Scenario = scenario,
            Seed = seed,
            Nodes = Nodes.Count,
            Faults = [fault],
            Pace = 20,
            Pairs = 20,
            Speakers = 12,
            Timeout = TimeSpan.FromMinutes(4),
            Stall = TimeSpan.FromSeconds(80),
        };
        var said = new StringWriter();
        try
        {
            await using var servers = new ClusterServers(Cluster, Postgres, durations, TimeProvider.System);
            var rows = await new Replayer(options, TimeProvider.System, said).RunAsync(servers, Tokens, CancellationToken.None);
            Report.Write(said, rows);
            rows.ShouldBeClean();
            rows.ShouldAllBe(r => r.Faults.Count == 1 && r.Faults[0].Sends > 0);
        }
        finally
        {
            _output.WriteLine(said.ToString());
        }
    }
}
