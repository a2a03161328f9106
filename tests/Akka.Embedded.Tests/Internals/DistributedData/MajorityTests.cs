using Akka.DistributedData;
using Akka.DistributedData.Replication;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>What was written to a majority is read from one.</summary>
public sealed class MajorityTests
{
    private const int Seeds = 40;

    private static readonly GSetKey<int> Numbers = new("numbers");
    private static readonly ORSetKey<int> Set = new("set");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    [Fact]
    public void Majority_read_sees_every_confirmed_majority_write()
    {
        var (confirmed, read) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var nodes = ReplicatedNodes.Start(seed, 3 + (seed % 3));
            nodes.Cluster.Network.MaxLatency = TimeSpan.FromMilliseconds(seed % 2 == 0 ? 1 : 200);
            var written = new List<int>();
            for (var step = 0; step < 20; step++)
            {
                if (step % 4 == 0)
                    Repartition(nodes);
                var (writer, reader) = (Any(nodes), Any(nodes));
                var number = step;
                var answer = nodes.Cluster.Await(seed % 2 == 0
                    ? writer.Update(Numbers, GSet<int>.Empty, set => set.Add(number), new WriteMajority(Timeout))
                    : writer.Update(Set, ORSet<int>.Empty, set => set.Add(writer.Address, number), new WriteMajority(Timeout)));
                if (answer.IsSuccessful)
                    written.Add(step);
                IEnumerable<int>? values = null;
                if (seed % 2 == 0 && nodes.Cluster.Await(reader.Get(Numbers, new ReadMajority(Timeout))) is { IsFound: true } numbers)
                    values = numbers.Get(Numbers);
                else if (seed % 2 != 0 && nodes.Cluster.Await(reader.Get(Set, new ReadMajority(Timeout))) is { IsFound: true } set)
                    values = set.Get(Set);
                if (values is null)
                    continue;
                written.Except(values).ShouldBeEmpty($"seed {seed}, step {step}");
                read++;
            }

            confirmed += written.Count;
        }

        confirmed.ShouldBeGreaterThan(Seeds * 20 / 4);
        read.ShouldBeGreaterThan(Seeds * 20 / 4);
        confirmed.ShouldBeLessThan(Seeds * 20, "some partitions leave the writer alone");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Minority_waits_for_its_timeout_and_no_longer(bool isNoticed)
    {
        var nodes = ReplicatedNodes.Start(3, 5);
        nodes.Advance(1);
        nodes.Cluster.Network.Partition(["a", "b"], ["c", "d", "e"]);
        if (isNoticed)
        {
            foreach (var far in nodes.Members.Skip(2))
                nodes[0].Tell(new MembershipChange.Unreachable(far.Address));
        }

        var start = nodes.Cluster.Simulation.Time.GetTimestamp();
        nodes.Cluster.Await(nodes[0].Update(Numbers, GSet<int>.Empty, set => set.Add(1), new WriteMajority(Timeout)))
            .ShouldBe(new UpdateTimeout(Numbers, null));
        Elapsed().ShouldBe(Timeout);
        nodes.Cluster.Await(nodes[0].Get(Numbers, new ReadMajority(Timeout))).ShouldBe(new GetFailure(Numbers, null));
        Elapsed().ShouldBe(Timeout * 2);
        nodes.Cluster.Await(nodes[2].Update(Numbers, GSet<int>.Empty, set => set.Add(2), new WriteMajority(Timeout)))
            .ShouldBe(new UpdateSuccess(Numbers, null));
        Elapsed().ShouldBeLessThan(Timeout * 3);

        TimeSpan Elapsed() => TimeSpan.FromTicks(nodes.Cluster.Simulation.Time.GetTimestamp() - start);
    }

    [Fact]
    public void Nodes_that_do_not_answer_are_made_up_for_by_others_before_the_timeout()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var nodes = ReplicatedNodes.Start(seed, 5);
            nodes.Advance(1);
            nodes.Cluster.Network.Partition(["a", "b", "c"], ["d", "e"]);
            nodes.Cluster.Await(nodes[0].Update(Numbers, GSet<int>.Empty, set => set.Add(1), new WriteMajority(Timeout)))
                .ShouldBe(new UpdateSuccess(Numbers, null), $"seed {seed}");
            nodes.Cluster.Await(nodes[1].Get(Numbers, new ReadMajority(Timeout))).Get(Numbers).Single().ShouldBe(1, $"seed {seed}");
        }
    }

    private static ReplicatedNode Any(ReplicatedNodes nodes) => nodes[nodes.Random.Next(nodes.Members.Count)];

    private static void Repartition(ReplicatedNodes nodes)
    {
        nodes.Cluster.Network.Heal();
        var left = nodes.Members.Where(_ => nodes.Random.Next(3) == 0).Select(static node => node.Member.Node.Host).ToList();
        nodes.Cluster.Network.Partition(left, [.. nodes.Members.Select(static node => node.Member.Node.Host).Except(left)]);
    }
}
