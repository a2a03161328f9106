using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>Replicators that learn of each other from the cluster itself.</summary>
public sealed class ClusteredDataTests
{
    private static readonly ORSetKey<string> Users = new("users");

    private static readonly DistributedDataSetup Setup = new()
    {
        Settings = ReplicatorSettings.Default.WithRole("data").WithPruning(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)),
    };

    [Fact]
    public void Members_of_the_role_have_the_same_and_forget_who_has_died()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var cluster = new SimulatedCluster(seed);
            var members = new[] { "a", "b", "c", "d" }.Select(host => cluster.Start(host, Setup, OfCluster("data"))).ToList();
            var stranger = cluster.Start("x", Setup, OfCluster("other"));
            members.ForEach(static member => member.System.DistributedData());
            cluster.Simulation.AdvanceUntil(
                () => members.TrueForAll(member => Replicas(member) == 3), TimeSpan.FromSeconds(60)).ShouldBeTrue($"seed {seed}");
            stranger.System.DistributedData().IsTerminated.ShouldBeTrue();

            foreach (var member in members)
            {
                var self = Akka.Cluster.Cluster.Get(member.System);
                member.System.DistributedData().Replicator.Tell(
                    Dsl.Update(Users, ORSet<string>.Empty, WriteLocal.Instance, set => set.Add(self, self.SelfAddress.Host!)), ActorRefs.NoSender);
            }

            cluster.Advance(5);
            members.ForEach(member => string.Join(' ', Copy(member)!.Order()).ShouldBe("a b c d", $"seed {seed}"));
            var dead = Akka.Cluster.Cluster.Get(members[seed % 4].System).SelfUniqueAddress;
            members[seed % 4].Node.Kill();
            members.RemoveAt(seed % 4);
            cluster.Advance(60);
            members.ForEach(member =>
            {
                Replicas(member).ShouldBe(2, $"seed {seed}");
                string.Join(' ', Copy(member)!.Order()).ShouldBe("a b c d", $"seed {seed}");
                Copy(member)!.NeedPruningFrom(dead).ShouldBeFalse($"seed {seed}");
            });
        }
    }

    private static ClusterSetup OfCluster(string role) => new() { SeedNodes = [SimulatedCluster.AddressOf("a")], Roles = [role] };

    private static int Replicas(SimulatedCluster.Member member) => member.System.DistributedData().Replica!.Replicas.Up.Count;

    private static ORSet<string>? Copy(SimulatedCluster.Member member) =>
        member.System.DistributedData().Replica!.Store.Find(Users.Id)?.Data as ORSet<string>;
}
