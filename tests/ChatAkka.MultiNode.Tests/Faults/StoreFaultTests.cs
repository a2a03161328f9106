using ChatAkka.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Faults;

/// <summary>The store of all nodes goes and comes.</summary>
public sealed class StoreFaultTests(ClusterOnOwnPostgres cluster, ITestOutputHelper output)
    : FaultTest(cluster, output), IClassFixture<ClusterOnOwnPostgres>
{
    [SkippableFact]
    public Task Killed_store() => SurviveAsync("store", Short);
}
