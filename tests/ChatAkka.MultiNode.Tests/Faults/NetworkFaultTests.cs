using ChatAkka.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Faults;

/// <summary>Nodes can't hear each other, or seem so.</summary>
public sealed class NetworkFaultTests(LinkedCluster cluster, ITestOutputHelper output)
    : FaultTest(cluster, output), IClassFixture<LinkedCluster>
{
    [SkippableFact]
    public Task Node_that_is_cut_off_for_a_moment() => SurviveAsync("cut", Short);

    [SkippableFact]
    public Task Node_that_is_cut_off() => SurviveAsync("cut", Long);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Node_that_is_cut_off_one_way(int seed) => SurviveAsync("cut-one-way", Long, seed: seed);

    [SkippableFact]
    public Task Node_that_stands_still_for_a_moment() => SurviveAsync("stop-5s", Short);

    [SkippableFact]
    public Task Node_that_stands_still_for_a_minute() => SurviveAsync("stop-60s", Short);
}
