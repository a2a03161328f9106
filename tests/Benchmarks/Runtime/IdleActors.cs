using System.Diagnostics;
using Akka.Actor;

namespace Benchmarks.Runtime;

/// <summary>What an actor costs that has been created, has handled a message and waits for more.</summary>
internal static class IdleActors
{
    public static async Task Run()
    {
        await Run(100_000);
        await Run(1_000_000);
    }

    private static async Task Run(int count)
    {
        var system = ActorSystem.Create("idle");
        await CreateAndPoke(system, 1_000, "warm");
        var (heap, resident) = (Measure.Heap(), Measure.Resident());
        var start = Stopwatch.GetTimestamp();
        await CreateAndPoke(system, count, "actor");
        var creation = Stopwatch.GetElapsedTime(start);
        var (heapGrowth, residentGrowth) = (Measure.Heap() - heap, Measure.Resident() - resident);
        start = Stopwatch.GetTimestamp();
        await system.Terminate();
        var termination = Stopwatch.GetElapsedTime(start);
        var left = Measure.Heap() - heap;

        Measure.Line($"{count:N0} idle ReceiveActors, heap each", $"{heapGrowth / count:N0} B");
        Measure.Line($"{count:N0} idle ReceiveActors, resident growth", $"{residentGrowth / 1e6:N0} MB", $"{residentGrowth / count:N0} B each");
        Measure.Line($"{count:N0} actors created, one message each", $"{creation.TotalSeconds:N2} s");
        Measure.Line($"{count:N0} actors terminated", $"{termination.TotalSeconds:N2} s", $"heap left of them {left / 1e6:N1} MB");
        GC.KeepAlive(system);
    }

    private static async Task CreateAndPoke(ActorSystem system, int count, string prefix)
    {
        var awake = new CountdownEvent(count);
        var props = Props.Create(() => new Idler(awake));
        for (var i = 0; i < count; i++)
            system.ActorOf(props, prefix + i).Tell(awake);
        await Task.Run(awake.Wait);
        awake.Dispose();
    }

    private sealed class Idler : ReceiveActor
    {
        public Idler(CountdownEvent awake) => Receive<CountdownEvent>(static signal => signal.Signal());
    }
}
