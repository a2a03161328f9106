using Akka.Actor;
using Akka.Remote;

namespace Akka.Embedded.Tests.Internals.Remote;

public sealed class RemoteWatchTests
{
    [Fact]
    public void Death_of_a_remote_actor_is_told()
    {
        var (cluster, a, b, watched, watcher) = Watch(1);

        b.System.Stop(watched);
        cluster.Advance(1);

        watcher.Deaths.ShouldBe(["x existed"]);
        a.Remote.AssociationWith(SimulatedCluster.AddressOf("b")).Watches.Count.ShouldBe(0);
        b.Remote.AssociationWith(SimulatedCluster.AddressOf("a")).Watches.Count.ShouldBe(0);
    }

    [Fact]
    public void Actor_that_is_gone_already_is_told_as_one_that_does_not_exist()
    {
        var (cluster, _, b, watched, first) = Watch(1);
        b.System.Stop(watched);
        cluster.Advance(1);
        first.Deaths.Clear();

        first.Watch();
        cluster.Advance(1);

        first.Deaths.ShouldBe(["x didn't exist"]);
    }

    [Fact]
    public void Unwatched_actor_is_not_told_of()
    {
        var (cluster, a, b, watched, watcher) = Watch(1);
        watcher.Unwatch();
        cluster.Advance(1);

        b.System.Stop(watched);
        cluster.Advance(1);

        watcher.Deaths.ShouldBeEmpty();
        b.Remote.AssociationWith(SimulatedCluster.AddressOf("a")).Watches.Count.ShouldBe(0);
        a.Remote.AssociationWith(SimulatedCluster.AddressOf("b")).Watches.Count.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Death_is_told_once_however_links_break(int seed)
    {
        var cluster = new SimulatedCluster(seed) { Network = { BreakProbability = 0.3 } };
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<WatcherLog> logs = [];
        List<IActorRef> watched = [];
        for (var i = 0; i < 10; i++)
        {
            var target = b.System.ActorOf(Props.Create(() => new Idle()), $"x{i}");
            watched.Add(target);
            var log = new WatcherLog(a.System, RemoteRefTo(a, target));
            logs.Add(log);
            log.Watch();
        }

        cluster.Advance(60);
        watched.ForEach(b.System.Stop);
        cluster.Advance(120);

        logs.ForEach(log => log.Deaths.Count.ShouldBe(1));
        b.Remote.AssociationWith(SimulatedCluster.AddressOf("a")).Watches.Count.ShouldBe(0);
        a.Remote.AssociationWith(SimulatedCluster.AddressOf("b")).Watches.Count.ShouldBe(0);
    }

    [Fact]
    public void Node_that_is_quarantined_takes_all_its_actors_with_it_and_learns_of_it()
    {
        var (cluster, a, b, watched, watcher) = Watch(1);
        List<object> events = [];
        var recorder = b.System.ActorOf(Props.Create(() => new EventRecorder(events)));
        b.System.EventStream.Subscribe(recorder, typeof(RemotingLifecycleEvent));
        RemoteRefTo(b, watcher.Actor).Tell("b has a link to a", ActorRefs.NoSender);
        cluster.Advance(1);

        a.Remote.Quarantine(SimulatedCluster.AddressOf("b"), b.Remote.Uid, "the test says so");
        cluster.Advance(3);

        watcher.Deaths.ShouldBe(["x is at a dead node"]);
        events.OfType<ThisActorSystemQuarantinedEvent>().ShouldNotBeEmpty();
        watcher.Watch();
        cluster.Advance(1);
        watcher.Deaths.Count.ShouldBe(2);
    }

    [Fact]
    public void Node_that_has_started_again_has_not_the_actors_of_before()
    {
        var (cluster, _, b, _, watcher) = Watch(1);
        b.Node.Kill();
        var next = cluster.Start("b");
        next.System.ActorOf(Props.Create(() => new Idle()), "x");

        next.At("a", "/user/whoever").Tell("here I am again", ActorRefs.NoSender);
        cluster.Advance(5);

        watcher.Deaths.ShouldBe(["x is at a dead node"]);
    }

    [Fact]
    public void Watchers_of_a_dead_node_are_forgotten()
    {
        var (cluster, a, b, watched, _) = Watch(1);
        ((ActorCell)watched).DeathWatch.TakeWatchers().Count.ShouldBe(1);
        (cluster, a, b, watched, _) = Watch(1);
        a.Node.Kill();

        b.Remote.Quarantine(SimulatedCluster.AddressOf("a"), a.Remote.Uid, "the test says so");
        cluster.Advance(1);

        ((ActorCell)watched).DeathWatch.TakeWatchers().ShouldBeEmpty();
    }

    [Fact]
    public void Remote_actor_can_be_stopped()
    {
        var (cluster, a, _, watched, watcher) = Watch(1);

        a.System.Stop(RemoteRefTo(a, watched));
        cluster.Advance(1);

        watcher.Deaths.ShouldBe(["x existed"]);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    private static (SimulatedCluster, SimulatedCluster.Member A, SimulatedCluster.Member B, IActorRef Watched, WatcherLog Watcher) Watch(int seed)
    {
        var cluster = new SimulatedCluster(seed);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var watched = b.System.ActorOf(Props.Create(() => new Idle()), "x");
        var log = new WatcherLog(a.System, RemoteRefTo(a, watched));
        log.Watch();
        cluster.Advance(1);
        return (cluster, a, b, watched, log);
    }

    private static IActorRef RemoteRefTo(SimulatedCluster.Member from, IActorRef actor) =>
        ((ExtendedActorSystem)from.System).Provider.ResolveActorRef(Akka.Serialization.Serialization.SerializedActorPath(actor));

    private sealed class WatcherLog
    {
        public WatcherLog(ActorSystem system, IActorRef subject) =>
            Actor = system.ActorOf(Props.Create(() => new Watcher(subject, Deaths)));

        public IActorRef Actor { get; }

        public List<string> Deaths { get; } = [];

        public void Watch() => Actor.Tell("watch", ActorRefs.NoSender);

        public void Unwatch() => Actor.Tell("unwatch", ActorRefs.NoSender);
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef subject, List<string> deaths)
        {
            Receive<string>(command => command == "watch", _ => Context.Watch(subject));
            Receive<string>(command => command == "unwatch", _ => Context.Unwatch(subject));
            Receive<Terminated>(dead => deaths.Add(
                dead.ActorRef.Path.Name + (dead.AddressTerminated ? " is at a dead node" : dead.ExistenceConfirmed ? " existed" : " didn't exist")));
        }
    }

    private sealed class Idle : ReceiveActor
    {
        public Idle() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class EventRecorder : ReceiveActor
    {
        public EventRecorder(List<object> events) => ReceiveAny(events.Add);
    }
}
