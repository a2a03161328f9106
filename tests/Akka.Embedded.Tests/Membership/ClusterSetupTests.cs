using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.SBR;

namespace Akka.Embedded.Tests.Membership;

public sealed class ClusterSetupTests
{
    [Fact]
    public void Defaults_are_valid() => new ClusterSetup().Validate();

    public static TheoryData<string> Invalid => [.. InvalidSetups.Keys];

    private static Dictionary<string, ClusterSetup> InvalidSetups => new()
    {
        ["GossipInterval"] = new ClusterSetup { GossipInterval = TimeSpan.Zero },
        ["HeartbeatInterval"] = new ClusterSetup { HeartbeatInterval = TimeSpan.FromSeconds(-1) },
        ["AcceptableHeartbeatPause"] = new ClusterSetup { AcceptableHeartbeatPause = TimeSpan.FromMilliseconds(400) },
        ["PhiThreshold"] = new ClusterSetup { PhiThreshold = 0 },
        ["HeartbeatHistory"] = new ClusterSetup { HeartbeatHistory = 1 },
        ["MonitoredByNrOfMembers"] = new ClusterSetup { MonitoredByNrOfMembers = 0 },
        ["MinNrOfMembers"] = new ClusterSetup { MinNrOfMembers = 0 },
        ["MinNrOfMembersOfRole"] = new ClusterSetup { MinNrOfMembersOfRole = Minimum("chat", 0) },
        ["Roles"] = new ClusterSetup { Roles = [" "] },
        ["SeedNodes"] = new ClusterSetup { SeedNodes = [new Address("akka", "chat")] },
        ["StableAfter"] = new ClusterSetup { StableAfter = TimeSpan.Zero },
        ["DownAllWhenUnstable"] = new ClusterSetup { DownAllWhenUnstable = TimeSpan.Zero },
        ["GossipDifferentViewProbability"] = new ClusterSetup { GossipDifferentViewProbability = 1.1 },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Setting_without_sense_is_named(string setting) =>
        Should.Throw<ArgumentException>(InvalidSetups[setting].Validate).Message.ShouldContain($"ClusterSetup.{setting} must");

    [Fact]
    public void Options_of_a_host_become_a_setup()
    {
        var setup = new ClusterOptions
        {
            Roles = ["chat", "push"],
            SeedNodes = ["akka.tcp://chat@10.0.0.1:2552"],
            MinimumNumberOfMembers = 3,
            MinimumNumberOfMembersPerRole = new Dictionary<string, int> { ["chat"] = 2 },
            SplitBrainResolver = new KeepOldestOption { Role = "chat", DownIfAlone = false },
        }.ToSetup();

        setup.Roles.Order().ShouldBe(["chat", "push"]);
        setup.SeedNodes.ShouldBe([new Address("akka.tcp", "chat", "10.0.0.1", 2552)]);
        setup.MinNrOfMembers.ShouldBe(3);
        setup.MinNrOfMembersOfRole["chat"].ShouldBe(2);
        setup.SplitBrainResolver.ShouldBe(new KeepOldest { Role = "chat", DownIfAlone = false });
        new ClusterOptions { SplitBrainResolver = SplitBrainResolverOption.Default }.ToSetup().SplitBrainResolver.ShouldBe(new KeepMajority());
        new ClusterOptions().ToSetup().SplitBrainResolver.ShouldBe(new KeepMajority());
        Should.Throw<ArgumentException>(() => new ClusterOptions { SeedNodes = ["10.0.0.1:2552"] }.ToSetup()).Message.ShouldContain("10.0.0.1:2552");
    }

    internal static ImmutableDictionary<string, int> Minimum(string role, int count) =>
        ImmutableDictionary<string, int>.Empty.Add(role, count);
}
