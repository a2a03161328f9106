using Akka.Actor;

namespace Akka.Embedded.Tests.Watching;

public sealed class DeathWatchTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Watcher_hears_of_the_end_once()
    {
        var actor = Sys.ActorOf<Idle>();
        Watch(actor);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor).ExistenceConfirmed.ShouldBeTrue();
        ExpectNoMsg();
    }

    [Fact]
    public void Watching_a_stopped_actor_tells_at_once()
    {
        var actor = Sys.ActorOf<Idle>();
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        var late = CreateTestProbe();
        late.Watch(actor);
        late.ExpectTerminated(actor);
    }

    [Fact]
    public void Every_watcher_hears_of_it()
    {
        var actor = Sys.ActorOf<Idle>();
        var probes = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToArray();
        foreach (var probe in probes)
            probe.Watch(actor);
        Sys.Stop(actor);
        foreach (var probe in probes)
            probe.ExpectTerminated(actor);
    }

    [Fact]
    public void One_watcher_watches_many()
    {
        var actors = Enumerable.Range(0, 5).Select(_ => Sys.ActorOf<Idle>()).ToArray();
        foreach (var actor in actors)
            Watch(actor);
        Unwatch(actors[2]);
        foreach (var actor in actors)
            Sys.Stop(actor);
        ReceiveN(4).Cast<Terminated>().Select(t => t.ActorRef).ShouldBe(actors.Where(a => !a.Equals(actors[2])), ignoreOrder: true);
        ExpectNoMsg();
    }

    [Fact]
    public void Unwatch_takes_back_a_notification_that_is_queued_already()
    {
        var victim = Sys.ActorOf<Idle>();
        var watcher = Sys.ActorOf(Props.Create(() => new LateUnwatcher(victim, TestActor)));
        watcher.Tell("watch");
        ExpectMsg("watching");
        Watch(victim);
        watcher.Tell("stop it, wait for its end and unwatch");
        var both = ReceiveN(2);
        both.ShouldContain("unwatched");
        both.OfType<Terminated>().ShouldHaveSingleItem().ActorRef.ShouldBe(victim);
        ExpectNoMsg();
    }

    [Fact]
    public void Unhandled_end_of_a_watched_actor_is_a_failure()
    {
        var victim = Sys.ActorOf<Idle>();
        var watcher = Sys.ActorOf(Props.Create(() => new Unprepared(victim)));
        Watch(watcher);
        EventFilter.Exception<DeathPactException>().ExpectOne(() =>
        {
            watcher.Tell("watch");
            Sys.Stop(victim);
        });
        ExpectTerminated(watcher);
    }

    [Fact]
    public void WatchWith_sends_the_message_instead()
    {
        var victim = Sys.ActorOf<Idle>();
        var watcher = Sys.ActorOf(Props.Create(() => new WatchingWith(victim, TestActor)));
        watcher.Tell("watch");
        ExpectMsg("watching");
        Sys.Stop(victim);
        ExpectMsg("it is gone");
    }

    [Fact]
    public void Parent_that_watches_its_child_hears_of_it_when_the_name_is_free()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Replacing(TestActor)));
        for (var i = 0; i < 3; i++)
        {
            parent.Tell("replace");
            ExpectMsg("replaced");
        }
    }

    [Fact]
    public void Forged_notification_is_dropped()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Unprepared(TestActor)));
        Watch(actor);
        actor.Tell(new Terminated(TestActor, true, false));
        ExpectNoMsg();
    }

    [Fact]
    public void Actors_that_watch_each_other_both_end()
    {
        var (a, b) = (Sys.ActorOf<Mutual>(), Sys.ActorOf<Mutual>());
        a.Tell(b);
        b.Tell(a);
        Watch(a);
        Watch(b);
        Sys.Stop(a);
        Sys.Stop(b);
        ReceiveN(2).Cast<Terminated>().Select(t => t.ActorRef).ShouldBe([a, b], ignoreOrder: true);
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }

    private sealed class Mutual : ReceiveActor
    {
        public Mutual()
        {
            Receive<IActorRef>(other => Context.Watch(other));
            Receive<Terminated>(_ => { });
        }
    }

    private sealed class LateUnwatcher : ReceiveActor
    {
        public LateUnwatcher(IActorRef victim, IActorRef report)
        {
            Receive<string>(s => s == "watch", _ =>
            {
                Context.Watch(victim);
                report.Tell("watching");
            });
            ReceiveAsync<string>(async _ =>
            {
                await victim.GracefulStop(TimeSpan.FromSeconds(3));
                Context.Unwatch(victim);
                report.Tell("unwatched");
            });
            Receive<Terminated>(_ => report.Tell("must not come"));
        }
    }

    private sealed class Unprepared : ReceiveActor
    {
        public Unprepared(IActorRef victim) => Receive<string>(_ => Context.Watch(victim));
    }

    private sealed class WatchingWith : ReceiveActor
    {
        public WatchingWith(IActorRef victim, IActorRef report)
        {
            Receive<string>(s => s == "watch", _ =>
            {
                Context.WatchWith(victim, "it is gone");
                report.Tell("watching");
            });
            ReceiveAny(report.Tell);
        }
    }

    private sealed class Replacing : ReceiveActor
    {
        public Replacing(IActorRef report)
        {
            Start();
            Receive<string>(_ => Context.Stop(Context.Child("child")));
            Receive<Terminated>(_ =>
            {
                Start();
                report.Tell("replaced");
            });
        }

        private static void Start() => Context.Watch(Context.ActorOf<Idle>("child"));
    }
}
