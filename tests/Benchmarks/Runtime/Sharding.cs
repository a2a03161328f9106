using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;

namespace Benchmarks.Runtime;

/// <summary>Messages through a shard region, and what an idle sharded persistent entity costs.</summary>
internal static class Sharding
{
    private const int Messages = 8_000_000;
    private const int Entities = 1_000;
    private const int Shards = 100;

    public static async Task Run()
    {
        await Throughput();
        await Idle(100_000);
        await Idle(1_000_000);
    }

    private static async Task Throughput()
    {
        using var system = ActorSystem.Create("sharding");
        var pokes = Enumerable.Range(0, Entities).Select(i => new Poke($"entity-{i}")).ToArray();
        var round = new Round();
        var region = ClusterSharding.Get(system).Start(
            "counter", Props.Create(() => new Counter(round)), ClusterShardingSettings.Create(system), new Extractor());
        foreach (var senders in new[] { 1, 2 })
        {
            await Measure.Rate($"messages through a region, {Entities:N0} entities, {senders} sender(s)", Messages, async () =>
            {
                round.Begin(Messages);
                await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() => Send(region, pokes, sender, senders))));
                await round.Done;
            });
        }

        await system.Terminate();
    }

    private static void Send(IActorRef region, Poke[] pokes, int sender, int senders)
    {
        for (var i = sender; i < Messages; i += senders)
            region.Tell(pokes[i % Entities], ActorRefs.NoSender);
    }

    private static async Task Idle(int count)
    {
        using var system = ActorSystem.Create("idle");
        var round = new Round();
        var region = ClusterSharding.Get(system).Start(
            "account",
            id => Props.Create(typeof(Account), id, round),
            ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero),
            new Extractor());
        await CreateAndPoke(region, round, 1_000, "warm");
        var (heap, resident) = (Measure.Heap(), Measure.Resident());
        var start = Stopwatch.GetTimestamp();
        await CreateAndPoke(region, round, count, "account");
        var creation = Stopwatch.GetElapsedTime(start);
        var (heapGrowth, residentGrowth) = (Measure.Heap() - heap, Measure.Resident() - resident);
        start = Stopwatch.GetTimestamp();
        await system.Terminate();
        var termination = Stopwatch.GetElapsedTime(start);

        Measure.Line($"{count:N0} idle sharded persistent entities, heap each", $"{heapGrowth / count:N0} B");
        Measure.Line($"{count:N0} entities, resident growth", $"{residentGrowth / 1e6:N0} MB", $"{residentGrowth / count:N0} B each");
        Measure.Line($"{count:N0} entities created and recovered", $"{creation.TotalSeconds:N2} s");
        Measure.Line($"{count:N0} entities terminated", $"{termination.TotalSeconds:N2} s");
    }

    private static async Task CreateAndPoke(IActorRef region, Round round, int count, string prefix)
    {
        round.Begin(count);
        for (var i = 0; i < count; i++)
            region.Tell(new Poke($"{prefix}-{i}"), ActorRefs.NoSender);
        await round.Done;
    }

    private sealed record Poke(string EntityId);

    private sealed class Extractor() : HashCodeMessageExtractor(Shards)
    {
        public override string? EntityId(object message) => (message as Poke)?.EntityId;
    }

    /// <summary>Counts a round's messages down, reported in hundreds: a shared count per message would be what is measured.</summary>
    private sealed class Round
    {
        private TaskCompletionSource _done = new();
        private int _rest;

        public Task Done => _done.Task;

        public void Begin(int messages)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _rest = messages;
        }

        public void Handled(int messages)
        {
            if (Interlocked.Add(ref _rest, -messages) == 0)
                _done.SetResult();
        }
    }

    private sealed class Counter : ReceiveActor
    {
        private const int Reported = 100;

        private int _handled;

        public Counter(Round round) => Receive<Poke>(_ =>
        {
            if (++_handled % Reported == 0)
                round.Handled(Reported);
        });
    }

    /// <summary>Small, but like a real one: two kinds of commands, one of events, a state.</summary>
    private sealed class Account : ReceivePersistentActor
    {
        private readonly Round _round;

        public Account(string id, Round round)
        {
            PersistenceId = id;
            _round = round;
            Recover<int>(Apply);
            Command<Poke>(Handle);
            Command<int>(amount => Persist(amount, Apply));
        }

        public override string PersistenceId { get; }

        public int Balance { get; private set; }

        private void Handle(Poke poke) => _round.Handled(1);

        private void Apply(int amount) => Balance += amount;
    }
}
