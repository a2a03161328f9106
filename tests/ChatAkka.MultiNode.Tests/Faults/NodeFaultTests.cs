using ChatAkka.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Faults;

/// <summary>Nodes go and come.</summary>
public sealed class NodeFaultTests(PlainCluster cluster, ITestOutputHelper output) : FaultTest(cluster, output), IClassFixture<PlainCluster>
{
    [SkippableFact]
    public Task Killed_node_that_is_back_at_once() => SurviveAsync("kill", Short);

    [SkippableFact]
    public Task Killed_node_that_stays_away() => SurviveAsync("kill", Long);

    [SkippableFact]
    public Task Killed_node_while_a_group_talks() => SurviveAsync("kill", Long, "irc");

    [SkippableFact]
    public Task Killed_coordinator() => SurviveAsync("kill-coordinator", Long);

    [SkippableFact]
    public Task Two_killed_nodes_of_three() => SurviveAsync("kill-two", Long);

    [SkippableFact]
    public Task Restart_of_all_nodes_one_after_the_other() => SurviveAsync("rolling", Short);

    [SkippableFact]
    public Task Node_that_is_added() => SurviveAsync("add", Short);

    [SkippableFact]
    public Task Node_that_is_removed() => SurviveAsync("remove", Short);
}
