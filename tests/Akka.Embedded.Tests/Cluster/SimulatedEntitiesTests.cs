using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Cluster;

/// <summary>
/// Sharded persistent entities under a simulation that lets their journal answer late, reject and fail, lets them fail, and
/// passivates them, in an order drawn from a seed.
/// </summary>
public sealed class SimulatedEntitiesTests
{
    private const int Entities = 3;
    private const int Commands = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Acknowledged_events_are_in_the_journal_in_order_and_in_the_recovered_state(int seed)
    {
        var run = Run(seed);

        for (var entity = 0; entity < Entities; entity++)
        {
            var id = $"e{entity}";
            var stored = run.Journal.Stored(id);
            var acknowledged = run.Acknowledged.Where(a => a.Entity == id).Select(a => a.Number).ToList();
            acknowledged.ShouldBeSubsetOf(stored);
            acknowledged.ShouldBe([.. acknowledged.Order()], $"{id} acknowledged out of order");
            stored.ShouldBe([.. stored.Order()], $"{id} stored out of order");
            stored.ShouldBeUnique();
            run.FinalState[id].ShouldBe(stored, $"{id} recovered something else than was stored");
        }

        run.Acknowledged.Count.ShouldBeGreaterThan(Commands / 4);
        run.Journal.Failures.ShouldBeGreaterThan(0);
        run.Incarnations.ShouldBeGreaterThan(Entities * 5);
    }

    [Fact]
    public void Same_seed_gives_the_same_run()
    {
        var (first, second, other) = (Run(42), Run(42), Run(43));

        second.Acknowledged.ShouldBe(first.Acknowledged);
        second.Incarnations.ShouldBe(first.Incarnations);
        other.Acknowledged.ShouldNotBe(first.Acknowledged);
    }

    private static Observations Run(int seed)
    {
        var simulation = new Simulation(seed);
        var observations = new Observations(new FickleStore(simulation));
        var system = ActorSystem.Create("simulated", ActorSystemSetup.Create(
            simulation.Setup,
            PersistenceSetup.Create().WithJournal(_ => Props.Create(() => new FickleJournal(observations.Journal)))));
        var region = ClusterSharding.Get(system).Start(
            "account",
            id => Props.Create(() => new Account(id, observations, simulation.Random)),
            ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.FromSeconds(30)),
            new ToEntityExtractor(),
            Stop.Instance);

        for (var number = 0; number < Commands; number++)
        {
            region.Tell(new ToEntity($"e{simulation.Random.Next(Entities)}", new Add(number)), ActorRefs.NoSender);
            if (simulation.Random.Next(4) == 0)
                simulation.Advance(TimeSpan.FromMilliseconds(simulation.Random.Next(200)));
            if (simulation.Random.Next(50) == 0)
                simulation.Advance(TimeSpan.FromMinutes(2));
        }

        simulation.Advance(TimeSpan.FromMinutes(5));
        observations.Journal.IsFickle = false;
        for (var entity = 0; entity < Entities; entity++)
            region.Tell(new ToEntity($"e{entity}", Report.Instance), ActorRefs.NoSender);
        simulation.Advance(TimeSpan.FromSeconds(1));
        return observations;
    }

    private sealed record Add(int Number);

    private sealed class Report
    {
        public static readonly Report Instance = new();
    }

    private sealed class Stop
    {
        public static readonly Stop Instance = new();
    }

    private sealed class Observations(FickleStore journal)
    {
        public int Incarnations;

        public FickleStore Journal => journal;

        public List<(string Entity, int Number)> Acknowledged { get; } = [];

        public Dictionary<string, List<int>> FinalState { get; } = [];
    }

    private sealed class FickleStore(Simulation simulation)
    {
        private readonly List<(string PersistenceId, long SequenceNr, int Number)> _stored = [];

        public bool IsFickle { get; set; } = true;

        public int Failures { get; set; }

        public Random Random => simulation.Random;

        public List<int> Stored(string persistenceId) =>
            [.. _stored.Where(e => e.PersistenceId == persistenceId).OrderBy(e => e.SequenceNr).Select(e => e.Number)];

        public void Store(AtomicWrite write)
        {
            foreach (var e in (IImmutableList<IPersistentRepresentation>)write.Payload)
                _stored.Add((e.PersistenceId, e.SequenceNr, (int)e.Payload));
        }

        /// <summary>A moment of virtual time.</summary>
        public Task Later() => Task.Delay(TimeSpan.FromMilliseconds(1 + Random.Next(40)), simulation.Time);
    }

    private sealed class FickleJournal(FickleStore store) : MemoryJournal
    {
        protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
        {
            await store.Later();
            if (!store.IsFickle)
                return await base.WriteMessagesAsync(messages);
            var fate = store.Random.Next(40);
            if (fate == 0)
            {
                // Stored, but nobody knows.
                await base.WriteMessagesAsync(messages);
                messages.ToList().ForEach(store.Store);
                store.Failures++;
                throw new TimeoutException("lost the answer");
            }

            if (fate == 1)
            {
                store.Failures++;
                throw new TimeoutException("lost the write");
            }

            var rejections = messages
                .Select(_ => store.Random.Next(20) == 0 ? new NotSupportedException("rejected") : null)
                .ToImmutableList<Exception?>();
            var accepted = messages.Where((_, i) => rejections[i] is null).ToList();
            await base.WriteMessagesAsync(accepted);
            accepted.ForEach(store.Store);
            return rejections;
        }

        public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
        {
            await store.Later();
            return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr);
        }
    }

    private sealed class Account : ReceivePersistentActor
    {
        private readonly List<int> _numbers = [];

        public Account(string id, Observations observations, Random random)
        {
            PersistenceId = id;
            observations.Incarnations++;
            Recover<int>(_numbers.Add);
            Command<Add>(add =>
            {
                Action<int> apply = number =>
                {
                    _numbers.Add(number);
                    observations.Acknowledged.Add((id, number));
                    if (random.Next(60) == 0)
                        throw new InvalidOperationException("failed after the event");
                };
                if (random.Next(2) == 0)
                    Persist(add.Number, apply);
                else
                    PersistAsync(add.Number, apply);
                if (random.Next(60) == 0)
                    throw new InvalidOperationException("failed after the command");
                if (random.Next(20) == 0)
                    Context.Parent.Tell(new Passivate(Stop.Instance));
            });
            Command<Report>(_ => observations.FinalState[id] = [.. _numbers]);
            Command<Stop>(_ => Context.Stop(Self));
        }

        public override string PersistenceId { get; }
    }
}
