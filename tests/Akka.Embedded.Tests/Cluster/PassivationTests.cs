using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace Akka.Embedded.Tests.Cluster;

public sealed class PassivationTests : ShardingTest
{
    [Fact]
    public void Passivated_entity_gets_everything_told_before_then_the_stop_message()
    {
        var region = StartRegion(Entity);
        var told = new ManualResetEventSlim();
        region.Tell(new ToEntity("a", new InEntity(e =>
        {
            told.Wait();
            e.EntityContext.Parent.Tell(new Passivate(TellAndStop));
        })), TestActor);
        region.Tell(new ToEntity("a", "before"), TestActor);
        told.Set();

        ExpectMsg("a started");
        ExpectMsg("a: before");
        ExpectMsg("a stops");
        ExpectMsg("a stopped");
    }

    [Fact]
    public void Message_to_an_entity_that_is_stopping_waits_for_the_next_incarnation()
    {
        var region = StartRegion(Entity);
        var (stopping, mayStop) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        region.Tell(new ToEntity("a", PassivateWith(new InEntity(e =>
        {
            stopping.Set();
            mayStop.Wait();
            e.EntityContext.Stop(e.EntityContext.Self);
        }))), TestActor);
        stopping.Wait();

        region.Tell(new ToEntity("a", "1"), TestActor);
        region.Tell(new ToEntity("a", "2"), TestActor);
        mayStop.Set();

        ExpectMsg("a started");
        ExpectMsg("a stopped");
        ExpectMsg("a started");
        ExpectMsg("a: 1");
        ExpectMsg("a: 2");
    }

    [Fact]
    public void Passivated_entity_without_messages_leaves_its_shard()
    {
        var region = StartRegion(Entity);
        region.Tell(new ToEntity("a", PassivateWith(PoisonPill.Instance)), TestActor);

        ExpectMsg("a started");
        ExpectMsg("a stopped");
        AwaitAssert(() => EntitiesOf(region).ShouldBe(0));
    }

    [Fact]
    public void Passivate_twice_sends_the_stop_message_once()
    {
        var region = StartRegion(Entity);
        region.Tell(new ToEntity("a", new InEntity(e =>
        {
            e.EntityContext.Parent.Tell(new Passivate(TellAndStop));
            e.EntityContext.Parent.Tell(new Passivate(TellAndStop));
        })), TestActor);

        ExpectMsg("a started");
        ExpectMsg("a stops");
        ExpectMsg("a stopped");
        ExpectNoMsg();
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // With Akka.NET the entity is never told to stop; why is open.
    public void Messages_beyond_the_buffer_go_to_dead_letters_with_one_warning()
    {
        var region = StartRegion(Entity, bufferSize: 2);
        var deadLetters = CreateTestProbe();
        Sys.EventStream.Subscribe(deadLetters, typeof(DeadLetter));
        Sys.EventStream.Subscribe(deadLetters, typeof(Warning));
        var (stopping, mayStop) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        region.Tell(new ToEntity("a", PassivateWith(new InEntity(e =>
        {
            stopping.Set();
            mayStop.Wait();
            e.EntityContext.Stop(e.EntityContext.Self);
        }))), TestActor);
        stopping.Wait();

        try
        {
            for (var i = 0; i < 4; i++)
                region.Tell(new ToEntity("a", i), TestActor);

            deadLetters.ExpectMsg<Warning>(warning => warning.Message.ToString()!.ShouldContain("Buffer of 2 messages is full"));
            deadLetters.ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe(2));
            deadLetters.ExpectMsg<DeadLetter>(letter => letter.Message.ShouldBe(3));
            deadLetters.ExpectNoMsg();
        }
        finally
        {
            mayStop.Set();
        }
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // With Akka.NET a message is now and then lost at so small a buffer; why is open.
    public void Buffer_is_free_again_when_the_next_incarnation_has_got_its_messages()
    {
        var region = StartRegion(Entity, bufferSize: 1);
        for (var i = 0; i < 3; i++)
        {
            region.Tell(new ToEntity("a", PassivateWith(new InEntity(e =>
            {
                // From within the entity's last message, when the shard certainly buffers.
                region.Tell(new ToEntity("a", "buffered"), TestActor);
                e.EntityContext.Stop(e.EntityContext.Self);
            }))), TestActor);
            FishForMessage(message => message is "a: buffered");
        }
    }

    [Fact]
    public void Passivate_from_somebody_else_is_ignored()
    {
        var region = StartRegion(Entity);
        region.Tell(new ToEntity("a", new InEntity(e => e.Tell(e.EntityContext.Parent))), TestActor);
        ExpectMsg("a started");
        var shard = ExpectMsg<IActorRef>();

        shard.Tell(new Passivate(PoisonPill.Instance), TestActor);
        region.Tell(new ToEntity("a", "still here"), TestActor);

        ExpectMsg("a: still here");
        EntitiesOf(region).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Passivation_under_many_senders_loses_and_reorders_nothing(int senders)
    {
        const int MessagesPerSender = 20_000;
        const int InFlight = 500;
        const int Entities = 5;
        var receipts = new Receipts(senders * MessagesPerSender);
        var region = StartRegion(_ => Props.Create(() => new RestlessEntity(receipts)));

        // Bounded, so that entities stop and come back while their senders go on.
        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(async () =>
        {
            var window = new SemaphoreSlim(InFlight);
            for (var i = 0; i < MessagesPerSender; i++)
            {
                (await window.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue($"sender {sender} misses messages after {i}");
                var entity = $"e{i % Entities}";
                region.Tell(new ToEntity(entity, new Numbered(sender, entity, i, window)), ActorRefs.NoSender);
            }
        })));
        (await Task.Run(() => receipts.Rest.Wait(TimeSpan.FromSeconds(30)))).ShouldBeTrue($"{receipts.Rest.CurrentCount} messages are missing");

        foreach (var ((sender, entity), numbers) in receipts.Received)
        {
            var sent = Enumerable.Range(0, MessagesPerSender).Where(i => $"e{i % Entities}" == entity);
            numbers.ShouldBe(sent, $"sender {sender}, {entity}");
        }

        receipts.Received.Count.ShouldBe(senders * Entities);
        receipts.Incarnations.ShouldBeGreaterThan(Entities * 10);
    }

    private Props Entity(string id) => Props.Create(() => new EchoEntity(id, TestActor));

    private static InEntity TellAndStop { get; } = new(e =>
    {
        e.Tell($"{e.Id} stops");
        e.EntityContext.Stop(e.EntityContext.Self);
    });

    private static InEntity PassivateWith(object stopMessage) =>
        new(e => e.EntityContext.Parent.Tell(new Passivate(stopMessage)));

    private sealed record Numbered(int Sender, string Entity, int Number, SemaphoreSlim Window);

    private sealed class Receipts(int messages)
    {
        public int Incarnations;

        public CountdownEvent Rest { get; } = new(messages);

        public ConcurrentDictionary<(int Sender, string Entity), List<int>> Received { get; } = new();
    }

    /// <summary>Wants to be passivated after every few messages.</summary>
    private sealed class RestlessEntity : ReceiveActor
    {
        private const int Patience = 50;

        private int _handled;

        public RestlessEntity(Receipts receipts)
        {
            Interlocked.Increment(ref receipts.Incarnations);
            Receive<Numbered>(message =>
            {
                // Written by one incarnation at a time: two at once would show as a disorder.
                receipts.Received.GetOrAdd((message.Sender, message.Entity), _ => []).Add(message.Number);
                message.Window.Release();
                receipts.Rest.Signal();
                if (++_handled == Patience)
                    Context.Parent.Tell(new Passivate(PoisonPill.Instance));
            });
        }
    }
}
