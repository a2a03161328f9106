using Akka.Actor;

namespace Akka.Embedded.Tests.Internals;

/// <summary>Children are created by other threads than their parent's: sharding does so.</summary>
public sealed class CreationRaceTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public async Task Every_child_that_was_created_stops_with_its_parent_whatever_thread_created_it()
    {
        for (var round = 0; round < 50; round++)
        {
            var counts = new Counts();
            var parent = (ActorCell)Sys.ActorOf<Parent>();
            var props = Props.Create(() => new Child(counts));
            var creators = Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        for (var i = 0; ; i++)
                            parent.CreateChild(props, $"{thread}-{i}");
                    }
                    catch (InvalidOperationException)
                    {
                        // The parent stops and takes no more.
                    }
                },
                TaskCreationOptions.LongRunning)).ToArray();
            Watch(parent);
            AwaitCondition(() => Volatile.Read(ref counts.Started) > 10);
            Sys.Stop(parent);
            ExpectTerminated(parent, TimeSpan.FromSeconds(10));
            await Task.WhenAll(creators);
            counts.Stopped.ShouldBe(counts.Started);
        }
    }

    [Fact]
    public async Task Child_created_while_its_parent_is_suspended_handles_messages_when_that_is_over()
    {
        var parent = (ActorCell)Sys.ActorOf<Failing>();
        EventFilter.Exception<InvalidDataException>().ExpectOne(() => parent.Tell("fail"));
        for (var i = 0; i < 100; i++)
        {
            if (i % 10 == 0)
                parent.Tell("fail");
            var child = parent.CreateChild(Props.Create(() => new Echo()), $"child{i}");
            (await child.Ask<int>(i, TimeSpan.FromSeconds(5))).ShouldBe(i);
        }
    }

    [Fact]
    public void Handler_that_posts_continuations_without_end_can_still_be_stopped()
    {
        var actor = Sys.ActorOf<Restless>();
        Watch(actor);
        actor.Tell("go");
        ExpectMsg("going");
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    private sealed class Counts
    {
        public int Started;
        public int Stopped;
    }

    private sealed class Parent : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }

    private sealed class Child(Counts counts) : UntypedActor
    {
        protected override void PreStart() => Interlocked.Increment(ref counts.Started);

        protected override void PostStop() => Interlocked.Increment(ref counts.Stopped);

        protected override void OnReceive(object message) { }
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => throw new InvalidDataException("on purpose"));

        protected override void PreRestart(Exception reason, object message) { }
    }

    private sealed class Restless : ReceiveActor
    {
        public Restless() => ReceiveAsync<string>(async _ =>
        {
            Sender.Tell("going");
            while (true)
                await Task.Yield();
        });
    }
}
