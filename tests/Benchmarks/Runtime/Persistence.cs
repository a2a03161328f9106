using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;

namespace Benchmarks.Runtime;

/// <summary>Events persisted with the journal in memory, and what each allocates.</summary>
internal static class Persistence
{
    private const int Rounds = 7;
    private const int Actors = 1_000;
    private const int EventsPerActor = 500;
    private const int Events = Actors * EventsPerActor;
    private const int BatchSize = 10;

    public static async Task Run()
    {
        await Rate("events persisted one by one by 1,000 actors", Actors, new PersistOne());
        await Rate("events persisted one by one by 1 actor", 1, new PersistOne());
        await Rate($"events persisted in batches of {BatchSize} by 1,000 actors", Actors, new PersistBatch());
        await Recover();
    }

    private static async Task Rate(string name, int actors, object command)
    {
        var rates = new double[Rounds];
        var allocated = new double[Rounds];
        var cpu = new double[Rounds];
        for (var i = -2; i < Rounds; i++)
        {
            // A system for each round: the journal keeps what it is given.
            using var system = ActorSystem.Create("persistence");
            var done = new CountdownEvent(actors);
            var writers = await Start(system, actors, Events / actors, done);
            var commands = Events / actors / (command is PersistBatch ? BatchSize : 1);
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            var cpuStart = Environment.CpuUsage.TotalTime;
            for (var n = 0; n < commands; n++)
            {
                foreach (var writer in writers)
                    writer.Tell(command, ActorRefs.NoSender);
            }

            await Task.Run(done.Wait);
            if (i >= 0)
            {
                rates[i] = Events / Stopwatch.GetElapsedTime(start).TotalSeconds;
                cpu[i] = (Environment.CpuUsage.TotalTime - cpuStart).TotalMicroseconds / Events;
                allocated[i] = (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Events;
            }

            await system.Terminate();
        }

        Array.Sort(rates);
        Array.Sort(allocated);
        Array.Sort(cpu);
        Measure.Line(
            name,
            $"{rates[Rounds / 2]:N0}/s",
            $"{rates[0]:N0} to {rates[^1]:N0}; an event: {allocated[Rounds / 2]:N0} B allocated, {cpu[Rounds / 2]:N2} us of CPU");
    }

    private static async Task Recover()
    {
        using var system = ActorSystem.Create("persistence");
        var done = new CountdownEvent(Actors);
        var writers = await Start(system, Actors, EventsPerActor, done);
        foreach (var writer in writers)
        {
            for (var n = 0; n < EventsPerActor / BatchSize; n++)
                writer.Tell(new PersistBatch(), ActorRefs.NoSender);
        }

        await Task.Run(done.Wait);
        await Task.WhenAll(writers.Select(writer => writer.GracefulStop(TimeSpan.FromSeconds(10))));
        var start = Stopwatch.GetTimestamp();
        await Start(system, Actors, EventsPerActor, done);
        Measure.Line($"events replayed to {Actors:N0} actors", $"{Events / Stopwatch.GetElapsedTime(start).TotalSeconds:N0}/s");
        await system.Terminate();
    }

    private static async Task<IActorRef[]> Start(ActorSystem system, int actors, int events, CountdownEvent done)
    {
        var recovered = new CountdownEvent(actors);
        var writers = Enumerable.Range(0, actors)
            .Select(i => system.ActorOf(Props.Create(typeof(Writer), $"writer-{i}", events, recovered, done)))
            .ToArray();
        await Task.Run(recovered.Wait);
        return writers;
    }

    private sealed record PersistOne;

    private sealed record PersistBatch;

    private sealed record Deposited(long Amount);

    private sealed class Writer : ReceivePersistentActor
    {
        private readonly int _events;
        private readonly CountdownEvent _done;
        private int _persisted;

        public Writer(string id, int events, CountdownEvent recovered, CountdownEvent done)
        {
            PersistenceId = id;
            _events = events;
            _done = done;
            Recover<Deposited>(deposited => Balance += deposited.Amount);
            Recover<RecoveryCompleted>(_ => recovered.Signal());
            Command<PersistOne>(_ => Persist(new Deposited(1), Apply));
            Command<PersistBatch>(_ => PersistAll(Enumerable.Range(0, BatchSize).Select(_ => new Deposited(1)), Apply));
        }

        public override string PersistenceId { get; }

        public long Balance { get; private set; }

        private void Apply(Deposited deposited)
        {
            Balance += deposited.Amount;
            if (++_persisted == _events)
                _done.Signal();
        }
    }
}
