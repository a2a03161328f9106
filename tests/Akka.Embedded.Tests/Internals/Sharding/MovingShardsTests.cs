using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Cluster;

namespace Akka.Embedded.Tests.Internals.Sharding;

/// <summary>Shards that move between regions while senders go on, on real threads.</summary>
public sealed class MovingShardsTests : TestKit.Xunit2.TestKit
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 8)]
    public async Task Shards_that_move_under_many_senders_lose_double_and_reorder_nothing(int regions, int senders)
    {
        const int MessagesPerSender = 20_000;
        const int InFlight = 200;
        const int MessagesPerMove = 60;
        const int Entities = 4;
        var receipts = new Receipts(senders * MessagesPerSender);
        var nodes = new RegionsWithoutCluster(Sys, regions, id => Props.Create(() => new RestlessEntity(id, receipts)));
        var shards = Enumerable.Range(0, Entities).Select(i => new ToEntityExtractor().ShardId($"e{i}")).Distinct().ToArray();

        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(async () =>
        {
            var random = new Random(sender);
            var window = new SemaphoreSlim(InFlight);
            var region = nodes[sender % regions];
            for (var i = 0; i < MessagesPerSender; i++)
            {
                (await window.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue($"sender {sender} misses messages after {i}");
                region.Tell(new ToEntity($"e{i % Entities}", new Numbered(sender, i, window)), ActorRefs.NoSender);
                if (i % MessagesPerMove == 0)
                    nodes.Move(shards[random.Next(shards.Length)], random.Next(regions));
            }
        })));
        (await Task.Run(() => receipts.Rest.Wait(TimeSpan.FromSeconds(60)))).ShouldBeTrue($"{receipts.Rest.CurrentCount} messages are missing");

        foreach (var ((sender, entity), numbers) in receipts.Received)
        {
            var sent = Enumerable.Range(0, MessagesPerSender).Where(i => $"e{i % Entities}" == entity);
            numbers.ShouldBe(sent, $"sender {sender}, {entity}");
        }

        receipts.Received.Count.ShouldBe(senders * Entities);
        receipts.Overlaps.ShouldBe(0);
        receipts.Homes.Distinct().Count().ShouldBe(regions * Entities, "every entity has lived in every region");
        receipts.Incarnations.ShouldBeGreaterThan(Entities * 20);
    }

    private sealed record Numbered(int Sender, int Number, SemaphoreSlim Window);

    private sealed class Receipts(int messages)
    {
        public int Incarnations;
        public int Overlaps;

        public CountdownEvent Rest { get; } = new(messages);

        public ConcurrentDictionary<(int Sender, string Entity), List<int>> Received { get; } = new();

        public ConcurrentDictionary<string, object> Alive { get; } = new();

        public ConcurrentBag<string> Homes { get; } = [];
    }

    /// <summary>Wants to be passivated now and then.</summary>
    private sealed class RestlessEntity : ReceiveActor
    {
        private const int Patience = 300;

        private readonly string _id;
        private readonly Receipts _receipts;
        private int _handled;

        public RestlessEntity(string id, Receipts receipts)
        {
            (_id, _receipts) = (id, receipts);
            Receive<Numbered>(message =>
            {
                receipts.Received.GetOrAdd((message.Sender, id), _ => []).Add(message.Number);
                message.Window.Release();
                receipts.Rest.Signal();
                if (++_handled % Patience == 0)
                    Context.Parent.Tell(new Passivate(PoisonPill.Instance));
            });
        }

        protected override void PreStart()
        {
            Interlocked.Increment(ref _receipts.Incarnations);
            _receipts.Homes.Add(Self.Path.ToString());
            if (!_receipts.Alive.TryAdd(_id, this))
                Interlocked.Increment(ref _receipts.Overlaps);
        }

        protected override void PostStop() => _receipts.Alive.TryRemove(KeyValuePair.Create<string, object>(_id, this));
    }
}
