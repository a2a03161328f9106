using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;

namespace Akka.Embedded.Tests.Internals;

/// <summary>What actors and messages cost, and that they leave nothing behind. Bytes and reachability, never time.</summary>
[Collection(nameof(Alone))]
public sealed class FootprintTests : IDisposable
{
    private readonly ActorSystemImpl _system = (ActorSystemImpl)ActorSystem.Create(
        "footprint", ActorSystemSetup.Create(new LoggingSetup { Enabled = false }));

    public void Dispose() => _system.Dispose();

    [Fact]
    public async Task Tell_of_an_existing_message_allocates_the_mailboxs_node_only()
    {
        var actor = _system.ActorOf<Counting>();
        object message = "hello";
        await actor.Ask<int>("count");
        actor.Tell(message, ActorRefs.NoSender);
        const int Messages = 10_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Messages; i++)
            actor.Tell(message, ActorRefs.NoSender);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBe(Messages * 40L);
    }

    [Fact]
    public async Task Idle_actor_with_one_handler_costs_at_most_600_bytes()
    {
        const int Count = 20_000;
        await Create(1_000, "warm");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Create(Count, "actor");
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        each.ShouldBeLessThanOrEqualTo(600);
    }

    [Fact]
    public async Task Stopped_actor_leaves_nothing_behind_but_its_reference()
    {
        var (reference, actor, message) = await StartAndStop();
        await Collected(actor);
        await Collected(message);
        GC.KeepAlive(reference);
    }

    [Fact]
    public async Task Stopped_actor_is_forgotten_by_parent_watchers_timers_and_event_stream()
    {
        var cell = await StartAndForget();
        await Collected(cell);
        _system.Timers.Count.ShouldBe(0);
        _system.UserGuardian.ChildrenOrNull!.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Actor_whose_timeout_timer_and_watched_are_gone_keeps_nothing_of_them()
    {
        var watcher = (ActorCell)_system.ActorOf<Watching>();
        var watched = _system.ActorOf<Counting>();
        await watcher.Ask<Done>(watched);
        watcher.ExtrasOrNull.ShouldNotBeNull("it waits for a message with a timeout");
        var gone = watcher.Ask<Done>("gone?");
        watched.Tell(PoisonPill.Instance);
        await gone;
        watcher.ExtrasOrNull.ShouldBeNull();
    }

    [Fact]
    public async Task Answered_ask_leaves_no_timer()
    {
        var actor = _system.ActorOf<Counting>();
        for (var i = 0; i < 100; i++)
            await actor.Ask<int>("count", TimeSpan.FromHours(1));
        _system.Timers.Count.ShouldBe(0);
    }

    [Fact]
    public async Task System_of_200_000_actors_terminates_and_leaves_nothing()
    {
        await Create(200_000, "actor");
        _system.UserGuardian.ChildrenOrNull!.Count.ShouldBe(200_000);
        await _system.Terminate().WaitAsync(TimeSpan.FromSeconds(30));
        _system.UserGuardian.ChildrenOrNull.Count.ShouldBe(0);
    }

    private async Task Create(int count, string prefix)
    {
        var props = Props.Create(() => new Counting());
        IActorRef last = ActorRefs.Nobody;
        for (var i = 0; i < count; i++)
            (last = _system.ActorOf(props, prefix + i)).Tell("hello", ActorRefs.NoSender);
        await last.Ask<int>("count");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(IActorRef Reference, WeakReference Actor, WeakReference Message)> StartAndStop()
    {
        var reference = _system.ActorOf<Counting>();
        var (actor, message) = await Fill(reference);
        await reference.GracefulStop(TimeSpan.FromSeconds(5));
        return (reference, actor, message);
    }

    private static async Task<(WeakReference Actor, WeakReference Message)> Fill(IActorRef reference)
    {
        var message = new object();
        reference.Tell(message, ActorRefs.NoSender);
        await reference.Ask<int>("count");
        return (new WeakReference(((ActorCell)reference).Actor), new WeakReference(message));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> StartAndForget()
    {
        var watcher = _system.ActorOf<Watching>();
        var actor = _system.ActorOf<Counting>();
        _system.EventStream.Subscribe<DeadLetter>(actor);
        await watcher.Ask<Done>(actor);
        await actor.Ask<int>("timers");
        await actor.GracefulStop(TimeSpan.FromSeconds(5));
        await watcher.GracefulStop(TimeSpan.FromSeconds(5));
        return new WeakReference(actor);
    }

    private static async Task Collected(WeakReference reference)
    {
        // The thread that ran the actor last may still have it in a register.
        for (var i = 0; i < 100 && reference.IsAlive; i++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        reference.IsAlive.ShouldBeFalse();
    }

    private sealed class Counting : ReceiveActor, IWithTimers
    {
        private int _count;

        public Counting()
        {
            Receive<string>(message =>
            {
                _count++;
                if (message == "timers")
                {
                    Timers.StartPeriodicTimer("key", "tick", TimeSpan.FromHours(1));
                    SetReceiveTimeout(TimeSpan.FromHours(1));
                }

                if (message != "hello")
                    Sender.Tell(_count);
            });
            ReceiveAny(_ => { });
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Watching : ReceiveActor
    {
        private IActorRef? _asker;

        public Watching()
        {
            Receive<IActorRef>(subject =>
            {
                Context.Watch(subject);
                SetReceiveTimeout(TimeSpan.FromHours(1));
                Sender.Tell(Done.Instance);
            });
            Receive<string>(_ => _asker = Sender);
            Receive<Terminated>(_ =>
            {
                SetReceiveTimeout(null);
                _asker?.Tell(Done.Instance);
            });
        }
    }
}
