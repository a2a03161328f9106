using Akka.Actor;
using Akka.DistributedData;
using Akka.DistributedData.Replication;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>Replicators on a network that works.</summary>
public sealed class ReplicatorTests
{
    private static readonly ORSetKey<string> Users = new("users");
    private static readonly PNCounterKey Count = new("count");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    [Fact]
    public void Change_is_on_all_nodes_within_an_interval_of_deltas()
    {
        var nodes = ReplicatedNodes.Start(1, 5);
        nodes.Advance(10);
        nodes[0].Update(Users, ORSet<string>.Empty, set => set.Add(nodes[0].Address, "x"));
        nodes.Converge(0.5);
        nodes.Members.ShouldAllBe(node => node.Copy(Users)!.Contains("x"));
    }

    [Fact]
    public void Change_is_on_all_of_many_nodes_within_an_interval_of_gossip()
    {
        var nodes = ReplicatedNodes.Start(1, 24);
        nodes.Advance(10);
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address));
        nodes.Converge(2.5);
        nodes.Members.ShouldAllBe(node => node.Copy(Count)!.Value == 1);
    }

    [Fact]
    public void New_node_gets_all_there_is()
    {
        var nodes = ReplicatedNodes.Start(2, 3);
        for (var i = 0; i < 50; i++)
        {
            var node = nodes[i % 3];
            node.Update(new ORSetKey<long>($"k{i}"), ORSet<long>.Empty, set => Filled(set, node, 100));
        }

        nodes[0].Update(new LWWRegisterKey<string>("register"), new LWWRegister<string>(nodes[0].Address, "text"), register => register);
        nodes.Converge(20);

        var late = nodes.Join("z");
        nodes.Converge(20);
        late.Replica.Store.Count.ShouldBe(51);
        late.Replica.Comparison.Pulling.ShouldBe(0);
    }

    [Fact]
    public void Values_that_are_no_deltas_come_too()
    {
        var nodes = ReplicatedNodes.Start(3, 4);
        var register = new LWWRegisterKey<string>("register");
        nodes[0].Update(register, new LWWRegister<string>(nodes[0].Address, "first"), r => r);
        nodes[1].Update(new FlagKey("flag"), Flag.False, flag => flag.SwitchOn());
        nodes.Converge(20);
        nodes[2].Update(register, null!, r => r.WithValue(nodes[2].Address, "second"));
        nodes.Converge(20);
        nodes.Members.ShouldAllBe(node => node.Copy(register)!.Value == "second" && node.Copy(new FlagKey("flag"))!.Enabled);
    }

    [Fact]
    public void Value_that_was_merged_in_comes_too()
    {
        var nodes = ReplicatedNodes.Start(3, 3);
        nodes[0].Update(Users, ORSet<string>.Empty, set => set.Add(nodes[0].Address, "x"));
        nodes.Converge(20);
        nodes[1].Replicator.Tell(Dsl.Update(Users, nodes[1].Copy(Users)!.Add(nodes[1].Address, "merged")), ActorRefs.NoSender);
        nodes.Advance(0.1);
        nodes.Converge(20);
        nodes[2].Update(Users, ORSet<string>.Empty, set => set.Add(nodes[2].Address, "later"));
        nodes.Converge(20);
        nodes.Members.ShouldAllBe(node => node.Copy(Users)!.Count == 3);
    }

    [Fact]
    public void Consistency_tells_how_many_nodes_have_a_change()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            foreach (var (consistency, expected) in new (IWriteConsistency, int)[]
            {
                (WriteLocal.Instance, 1), (new WriteTo(3, Timeout), 3), (new WriteMajority(Timeout), 3), (new WriteMajority(Timeout, 4), 4),
                (new WriteMajority(Timeout, 40), 5), (new WriteAll(Timeout), 5),
            })
            {
                var nodes = ReplicatedNodes.Start(seed, 5);
                nodes.Advance(1.01);
                var confirmed = nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address), consistency);
                nodes.Cluster.Await(confirmed).ShouldBe(new UpdateSuccess(Count, null));
                nodes.Members.Count(node => node.Copy(Count) is not null).ShouldBeGreaterThanOrEqualTo(expected);
            }
        }
    }

    [Fact]
    public void Read_merges_what_the_nodes_have()
    {
        var nodes = ReplicatedNodes.Start(4, 3);
        nodes.Advance(1.01);
        foreach (var node in nodes.Members)
            node.Update(Count, PNCounter.Empty, counter => counter.Increment(node.Address, node.Age));
        nodes.Cluster.Simulation.RunUntilIdle();
        nodes.Cluster.Await(nodes[0].Get(Count, ReadLocal.Instance)).Get(Count).Value.ShouldBe(1);
        nodes.Cluster.Await(nodes[0].Get(Count, new ReadAll(Timeout))).Get(Count).Value.ShouldBe(6);
        nodes.Cluster.Await(nodes[0].Get(Count, ReadLocal.Instance)).Get(Count).Value.ShouldBe(6, "the read has repaired it");
        nodes.Cluster.Await(nodes[1].Get(Users, new ReadMajority(Timeout))).ShouldBe(new NotFound(Users, null));
    }

    [Fact]
    public void Too_few_nodes_are_a_timeout()
    {
        var nodes = ReplicatedNodes.Start(5, 2);
        nodes.Cluster.Await(nodes[0].Update(Count, PNCounter.Empty, c => c.Increment(nodes[0].Address), new WriteTo(3, Timeout)))
            .ShouldBe(new UpdateTimeout(Count, null));
        nodes.Cluster.Await(nodes[0].Get(Count, new ReadFrom(3, Timeout))).ShouldBe(new GetFailure(Count, null));
        nodes[0].Copy(Count)!.Value.ShouldBe(1);
    }

    [Fact]
    public void Deletion_reaches_all_nodes_and_stays()
    {
        var nodes = ReplicatedNodes.Start(6, 3);
        nodes[0].Update(Users, ORSet<string>.Empty, set => set.Add(nodes[0].Address, "x"));
        nodes.Converge(10);
        nodes.Cluster.Await(nodes[1].Replicator.Ask<IDeleteResponse>(Dsl.Delete(Users, new WriteMajority(Timeout)))).IsSuccessful.ShouldBeTrue();
        nodes.Converge(10);
        foreach (var node in nodes.Members)
        {
            nodes.Cluster.Await(node.Get(Users, ReadLocal.Instance)).ShouldBe(new DataDeleted(Users));
            nodes.Cluster.Await(node.Update(Users, ORSet<string>.Empty, set => set.Add(node.Address, "y"))).ShouldBe(new DataDeleted(Users));
            nodes.Cluster.Await(node.Replicator.Ask<IDeleteResponse>(Dsl.Delete(Users, WriteLocal.Instance))).AlreadyDeleted.ShouldBeTrue();
        }

        var late = nodes.Join("z");
        nodes.Converge(10);
        nodes.Cluster.Await(late.Get(Users, ReadLocal.Instance)).ShouldBe(new DataDeleted(Users));
    }

    [Fact]
    public void Idle_nodes_compare_themselves_and_do_nothing_else()
    {
        var nodes = ReplicatedNodes.Start(7, 3);
        nodes.Advance(20);
        var timers = nodes.Members.ConvertAll(Timers);
        for (var i = 0; i < 30; i++)
        {
            var node = nodes[i % 3];
            node.Update(new ORSetKey<long>($"k{i % 7}"), ORSet<long>.Empty, set => Filled(set, node, 10), new WriteMajority(Timeout));
            nodes.Advance(0.05);
        }

        nodes.Converge(20);
        nodes.Advance(20);
        foreach (var node in nodes.Members)
        {
            node.Replica.Logs.IsIdle.ShouldBeTrue();
            node.Replica.Comparison.Pulling.ShouldBe(0);
            node.Replica.Comparison.Lagging.ShouldBe(0);
            ((ActorCell)node.Replicator).GetChildren().ShouldBeEmpty("no aggregator is left");
        }

        nodes.Members.ConvertAll(Timers).ShouldBe(timers, "no timer but those of gossip and pruning is left");

        var (frames, bytes) = (nodes.Cluster.Network.Frames, nodes.Cluster.Network.Bytes);
        nodes.Advance(100);
        (nodes.Cluster.Network.Frames - frames).ShouldBeInRange(149, 151);
        (nodes.Cluster.Network.Bytes - bytes).ShouldBeLessThan(151 * 200);
    }

    [Fact]
    public void Same_seed_gives_the_same_run()
    {
        Trace(11).ShouldBe(Trace(11));
        Trace(11).ShouldNotBe(Trace(12));
    }

    private static ORSet<long> Filled(ORSet<long> set, ReplicatedNode node, int count)
    {
        for (var i = 0; i < count; i++)
            set = set.Add(node.Address, i);
        return set;
    }

    private static int Timers(ReplicatedNode node) => ((ActorSystemImpl)node.Member.System).Timers.Count;

    private static string Trace(int seed)
    {
        var nodes = ReplicatedNodes.Start(seed, 4);
        var trace = new List<string>();
        nodes.Cluster.Network.OnFrame = (from, to, length) => trace.Add($"{from}{to}{length}");
        for (var i = 0; i < 20; i++)
        {
            var node = nodes[nodes.Random.Next(4)];
            var user = $"{i % 3}";
            node.Update(Users, ORSet<string>.Empty, set => set.Add(node.Address, user), new WriteMajority(Timeout));
            nodes.Advance(nodes.Random.NextDouble());
        }

        return string.Join(' ', trace);
    }
}
