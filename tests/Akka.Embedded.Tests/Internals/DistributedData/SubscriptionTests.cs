using Akka.Actor;
using Akka.DistributedData;

namespace Akka.Embedded.Tests.Internals.DistributedData;

public sealed class SubscriptionTests
{
    private static readonly PNCounterKey Count = new("count");

    [Fact]
    public void Subscriber_is_told_at_intervals_and_always_the_last_value()
    {
        var nodes = ReplicatedNodes.Start(1, 2);
        var told = Subscribe(nodes[1], out _);
        for (var i = 0; i < 100; i++)
        {
            nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address));
            nodes.Advance(0.05);
        }

        nodes.Advance(2);
        told[^1].ShouldBe(100);
        told.Count.ShouldBeInRange(5, 12);
        told.ShouldBe(told.Order());
        told.ShouldBeUnique();
    }

    [Fact]
    public void New_subscriber_is_told_what_there_is_and_only_it()
    {
        var nodes = ReplicatedNodes.Start(1, 1);
        var first = Subscribe(nodes[0], out _);
        nodes.Advance(2);
        first.ShouldBeEmpty();
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address));
        nodes.Advance(2);
        var second = Subscribe(nodes[0], out _);
        nodes.Advance(2);
        first.ShouldBe([1]);
        second.ShouldBe([1]);
    }

    [Fact]
    public void Changes_are_told_at_once_when_they_are_flushed()
    {
        var nodes = ReplicatedNodes.Start(1, 1);
        var told = Subscribe(nodes[0], out _);
        nodes.Advance(2.01);
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address));
        nodes[0].Replicator.Tell(FlushChanges.Instance, ActorRefs.NoSender);
        nodes.Cluster.Simulation.RunUntilIdle();
        told.ShouldBe([1]);
    }

    [Fact]
    public void Who_has_ended_its_subscription_or_itself_is_not_told()
    {
        var nodes = ReplicatedNodes.Start(1, 1);
        var (left, stopped) = (Subscribe(nodes[0], out var leaving), Subscribe(nodes[0], out var stopping));
        nodes[0].Replicator.Tell(Dsl.Unsubscribe(Count, leaving), ActorRefs.NoSender);
        nodes[0].Member.System.Stop(stopping);
        nodes.Advance(1);
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address));
        nodes.Advance(2);
        left.ShouldBeEmpty();
        stopped.ShouldBeEmpty();
        nodes[0].Replica.Subscriptions.Subscribers.ShouldBeEmpty();
    }

    [Fact]
    public void Subscriber_of_another_node_is_told_too()
    {
        var nodes = ReplicatedNodes.Start(1, 2);
        var told = new List<int>();
        var subscriber = nodes[1].Member.System.ActorOf(Props.Create(() => new Subscriber(told)));
        var far = nodes[1].Member.At("a", "/system/ddataReplicator");
        far.Tell(Dsl.Subscribe(Count, subscriber), subscriber);
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address, 7));
        nodes.Advance(2);
        told.ShouldBe([7]);
        nodes.Cluster.Await(far.Ask<IGetResponse>(Dsl.Get(Count, new ReadMajority(TimeSpan.FromSeconds(3)), "request")))
            .ShouldBeOfType<GetSuccess>().Request.ShouldBe("request");
        nodes.Remove(nodes[1]);
        nodes.Advance(1);
    }

    [Fact]
    public void Replicator_that_restarts_has_what_it_had()
    {
        var nodes = ReplicatedNodes.Start(1, 2);
        var told = Subscribe(nodes[0], out _);
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address, 3));
        nodes.Advance(1);
        nodes[0].Replicator.Tell(new Subscribe(null!, null!), ActorRefs.NoSender);
        nodes.Advance(1);
        nodes[0].Tell(new Akka.DistributedData.Replication.MembershipChange.Up(nodes[1].Address, nodes[1].Age));
        nodes[0].Update(Count, PNCounter.Empty, counter => counter.Increment(nodes[0].Address, 4));
        nodes.Advance(1);
        nodes.Converge(5);
        told.ShouldBe([3, 7]);
        nodes[1].Copy(Count)!.Value.ShouldBe(7);
    }

    private static List<int> Subscribe(ReplicatedNode node, out IActorRef subscriber)
    {
        var told = new List<int>();
        subscriber = node.Member.System.ActorOf(Props.Create(() => new Subscriber(told)));
        node.Replicator.Tell(Dsl.Subscribe(Count, subscriber), ActorRefs.NoSender);
        return told;
    }

    private sealed class Subscriber : ReceiveActor
    {
        public Subscriber(List<int> told) => Receive<Changed>(changed => told.Add((int)changed.Get(Count).Value));
    }
}
