using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Remote;

namespace Akka.Embedded.Tests.Internals.Remote;

/// <summary>What the simulated network shows, once over real sockets.</summary>
public sealed class TcpRemotingTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _a = Start();
    private readonly ActorSystem _b = Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_a.Terminate(), _b.Terminate());

    [Fact]
    public async Task Question_is_answered_by_another_node()
    {
        _b.ActorOf(Props.Create(() => new Echo()), "echo");

        (await At(_b, "/user/echo").Ask<string>("안녕", Patience)).ShouldBe("안녕");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(400_000)]
    [InlineData(20_000_000)]
    public async Task Message_of_any_size_arrives_whole(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        _b.ActorOf(Props.Create(() => new Echo()), "echo");

        (await At(_b, "/user/echo").Ask<byte[]>(bytes, Patience)).ShouldBe(bytes);
    }

    [Fact]
    public async Task Messages_of_several_senders_arrive_in_the_order_of_each()
    {
        const int PerSender = 20_000;
        var counter = _b.ActorOf(Props.Create(() => new OrderCounter()), "counter");
        var remote = At(_b, "/user/counter");
        await remote.Ask<string>("is there a link?", Patience); // more than may wait for one is about to be sent

        await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < PerSender; i++)
                remote.Tell(((long)sender << 32) | (uint)i, ActorRefs.NoSender);
        })));

        (await remote.Ask<string>("how many?", Patience)).ShouldBe($"{4 * PerSender} in order");
        counter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Death_of_a_remote_actor_is_told()
    {
        var watched = _b.ActorOf(Props.Create(() => new Echo()), "watched");
        var identity = await At(_b, "/user/watched").Ask<ActorIdentity>(new Identify(1), Patience);
        var death = new TaskCompletionSource<Terminated>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = _a.ActorOf(Props.Create(() => new Watcher(identity.Subject, death)));
        await watcher.Ask<string>("are you watching?", Patience);

        _b.Stop(watched);

        (await death.Task.WaitAsync(Patience)).ActorRef.ShouldBe(identity.Subject);
    }

    private static ActorSystem Start() => ActorSystem.Create(
        "tcp", ActorSystemSetup.Create(new RemoteSetup { Host = "127.0.0.1", Port = 0 }, new LoggingSetup { Enabled = false }));

    private IActorRef At(ActorSystem system, string path)
    {
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return ((ExtendedActorSystem)_a).Provider.ResolveActorRef($"{address}{path}");
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class OrderCounter : ReceiveActor
    {
        private readonly uint[] _next = new uint[4];
        private int _inOrder;

        public OrderCounter()
        {
            Receive<long>(message => _inOrder += _next[message >> 32]++ == (uint)message ? 1 : 0);
            Receive<string>(_ => Sender.Tell($"{_inOrder} in order"));
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef subject, TaskCompletionSource<Terminated> death)
        {
            Context.Watch(subject);
            Receive<Terminated>(death.SetResult);
            Receive<string>(question => Sender.Tell(question));
        }
    }
}
