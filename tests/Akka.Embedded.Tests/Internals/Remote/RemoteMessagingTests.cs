using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Embedded.Tests.Internals.Remote;

public sealed class RemoteMessagingTests
{
    [Fact]
    public void Message_reaches_an_actor_on_another_node_and_the_answer_comes_back()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        b.System.ActorOf(Props.Create(() => new Echo()), "echo");

        var answer = a.At("b", "/user/echo").Ask<string>("hello", TimeSpan.FromSeconds(3));

        cluster.Await(answer).ShouldBe("hello from akka.tcp://sim@a:2552");
        ((ActorSystemImpl)a.System).Temporaries.Count.ShouldBe(0);
    }

    [Fact]
    public void Selection_finds_an_actor_on_another_node_or_says_that_there_is_none()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var echo = b.System.ActorOf(Props.Create(() => new Echo()), "echo");

        var found = a.System.ActorSelection($"{SimulatedCluster.AddressOf("b")}/user/echo").ResolveOne(TimeSpan.FromSeconds(3));
        var missing = a.System.ActorSelection($"{SimulatedCluster.AddressOf("b")}/user/nobody").ResolveOne(TimeSpan.FromSeconds(3));

        cluster.Await(found).Path.Address.ShouldBe(SimulatedCluster.AddressOf("b"));
        cluster.Await(found).Path.Uid.ShouldBe(echo.Path.Uid);
        Should.Throw<ActorNotFoundException>(() => cluster.Await(missing));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Messages_of_one_sender_arrive_in_order(int seed)
    {
        var cluster = new SimulatedCluster(seed);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<int> seen = [];
        b.System.ActorOf(Props.Create(() => new Recorder<int>(seen)), "recorder");
        var recorder = a.At("b", "/user/recorder");

        for (var i = 0; i < 500; i++)
        {
            recorder.Tell(i, ActorRefs.NoSender);
            if (i % 50 == 0)
                cluster.Advance(0.001);
        }

        cluster.Advance(1);
        seen.ShouldBe(Enumerable.Range(0, 500));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Links_that_break_lose_messages_but_neither_reorder_nor_double_them(int seed)
    {
        var cluster = new SimulatedCluster(seed) { Network = { BreakProbability = 0.02 } };
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<int> seen = [];
        b.System.ActorOf(Props.Create(() => new Recorder<int>(seen)), "recorder");
        var recorder = a.At("b", "/user/recorder");

        for (var i = 0; i < 1000; i++)
        {
            recorder.Tell(i, ActorRefs.NoSender);
            cluster.Advance(0.002);
        }

        seen.ShouldBe(seen.Distinct().Order());
        seen.Count.ShouldBeInRange(300, 999);
        cluster.Network.BreakProbability = 0;
        cluster.Advance(5);
        recorder.Tell(-1, ActorRefs.NoSender);
        cluster.Advance(5);
        seen[^1].ShouldBe(-1);
    }

    [Fact]
    public void Message_to_a_node_that_is_not_there_is_a_dead_letter_at_once_while_it_is_not_tried_again()
    {
        var cluster = new SimulatedCluster(1);
        var a = cluster.Start("a");
        List<DeadLetter> dead = [];
        a.System.EventStream.Subscribe(a.System.ActorOf(Props.Create(() => new Recorder<DeadLetter>(dead))), typeof(DeadLetter));
        var nobody = a.At("b", "/user/nobody");

        nobody.Tell("first", ActorRefs.NoSender);
        cluster.Simulation.RunUntilIdle();
        dead.ShouldBeEmpty();
        cluster.Advance(0.05);
        dead.Count.ShouldBe(1);
        nobody.Tell("second", ActorRefs.NoSender);
        cluster.Simulation.RunUntilIdle();

        dead.Select(letter => letter.Message).ShouldBe(["first", "second"]);
        dead[1].Recipient.ShouldBe(nobody);
    }

    [Fact]
    public void Messages_that_wait_for_a_link_are_bounded()
    {
        var cluster = new SimulatedCluster(1);
        var a = cluster.Start("a");
        List<DeadLetter> dead = [];
        a.System.EventStream.Subscribe(a.System.ActorOf(Props.Create(() => new Recorder<DeadLetter>(dead))), typeof(DeadLetter));
        cluster.Network.Cut("a", "b");

        for (var i = 0; i < 20_100; i++)
            a.At("b", "/user/x").Tell(i, ActorRefs.NoSender);
        cluster.Advance(0.1);

        dead.Count.ShouldBe(100);
        dead[0].Message.ShouldBe(20_000);
    }

    [Fact]
    public void Bytes_that_wait_on_a_link_are_bounded_but_the_cluster_gets_through()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<byte[]> seen = [];
        b.System.ActorOf(Props.Create(() => new Recorder<byte[]>(seen)), "recorder");
        var recorder = a.At("b", "/user/recorder");
        recorder.Tell(new byte[1], ActorRefs.NoSender);
        cluster.Advance(1);
        cluster.Network.Cut("a", "b");

        for (var i = 0; i < 40; i++)
            recorder.Tell(new byte[1024 * 1024], ActorRefs.NoSender);
        var daemon = a.At("b", "/system/cluster/core/daemon").Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(9));
        cluster.Network.Heal();
        cluster.Advance(1);

        seen.Count.ShouldBe(17); // the first one, and what fits into 16 MB with the last one that finds room
        cluster.Await(daemon).Subject.ShouldBe(ActorRefs.Nobody);
    }

    [Fact]
    public void Message_that_nobody_can_write_or_read_harms_no_other()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<string> seen = [];
        b.System.ActorOf(Props.Create(() => new Recorder<string>(seen)), "recorder");
        var recorder = a.At("b", "/user/recorder");

        recorder.Tell("before", ActorRefs.NoSender);
        recorder.Tell(new Uri("about:blank"), ActorRefs.NoSender);
        recorder.Tell("after", ActorRefs.NoSender);
        cluster.Advance(1);

        seen.ShouldBe(["before", "after"]);
    }

    [Fact]
    public void Reference_to_a_former_incarnation_reaches_nobody_of_the_next_one()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        b.System.ActorOf(Props.Create(() => new Echo()), "echo");
        var found = a.At("b", "/user/echo").Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(3));
        var former = cluster.Await(found).Subject;
        b.Node.Kill();

        b = cluster.Start("b");
        b.System.ActorOf(Props.Create(() => new Echo()), "echo");
        var byReference = former.Ask<string>("hello", TimeSpan.FromSeconds(3));
        cluster.Advance(5);
        var byPath = a.At("b", "/user/echo").Ask<string>("hello", TimeSpan.FromSeconds(3));
        cluster.Advance(5);

        Should.Throw<AskTimeoutException>(() => cluster.Await(byReference));
        cluster.Await(byPath).ShouldStartWith("hello");
    }

    [Fact]
    public void Path_without_a_uid_means_whoever_is_there_now()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<string> seen = [];
        var recorder = a.At("b", "/user/recorder");
        recorder.Tell("nobody", ActorRefs.NoSender);
        cluster.Advance(1);
        var first = b.System.ActorOf(Props.Create(() => new Recorder<string>(seen)), "recorder");
        recorder.Tell("first", ActorRefs.NoSender);
        cluster.Advance(1);
        b.System.Stop(first);
        cluster.Advance(1);
        b.System.ActorOf(Props.Create(() => new Recorder<string>(seen)), "recorder");
        recorder.Tell("second", ActorRefs.NoSender);
        cluster.Advance(1);

        seen.ShouldBe(["first", "second"]);
    }

    [Fact]
    public void Stopped_system_leaves_no_timer_and_its_last_messages_arrive()
    {
        var cluster = new SimulatedCluster(1);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        List<string> seen = [];
        b.System.ActorOf(Props.Create(() => new Recorder<string>(seen)), "recorder");
        a.At("b", "/user/recorder").Tell("one", ActorRefs.NoSender);
        cluster.Advance(1);
        a.At("b", "/user/recorder").Tell("two", ActorRefs.NoSender);
        var end = a.System.Terminate();
        cluster.Advance(1);

        end.IsCompleted.ShouldBeTrue();
        seen.ShouldBe(["one", "two"]);
        ((ActorSystemImpl)a.System).Timers.Count.ShouldBe(0);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<string>(text => Sender.Tell($"{text} from {Sender.Path.Address}"));
    }

    private sealed class Recorder<T> : ReceiveActor
    {
        public Recorder(List<T> seen) => Receive<T>(seen.Add);
    }
}
