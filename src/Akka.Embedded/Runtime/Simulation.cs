namespace Akka.Runtime;

/// <summary>
/// Runs actor systems on the caller's thread, in virtual time: which of the actors that have work goes next is drawn from
/// a seed, and the same seed gives the same run. Actors that only talk to each other and to their system can't tell.
/// </summary>
/// <remarks>Several systems may share one simulation: a cluster in one thread is the reason for it.</remarks>
public sealed class Simulation
{
    private readonly SimulatedExecutor _executor;

    /// <param name="seed">Decides the order in which actors run, and what <see cref="Random"/> yields.</param>
    public Simulation(int seed)
    {
        Random = new Random(seed);
        _executor = new SimulatedExecutor(new Random(seed));
        Network = new SimulatedNetwork(Time, new Random(seed));
        // One message a turn: every interleaving that threads could produce can come up.
        Setup = new RuntimeSetup { Executor = _executor, Time = Time, Random = Random, Throughput = 1 };
    }

    /// <summary>What simulated systems are created with that need no node of their own.</summary>
    public RuntimeSetup Setup { get; }

    public VirtualTime Time { get; } = new();

    public Random Random { get; }

    /// <summary>What connects the nodes.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>Adds a node. One that takes the host of a dead one is that machine, started again.</summary>
    public SimulatedNode CreateNode(string host) => new(this, _executor, host);

    /// <summary>Runs actors until none has anything to do before time passes.</summary>
    /// <returns>The number of turns.</returns>
    public int RunUntilIdle() => InTheSimulation(RunReady);

    /// <summary>Lets time pass: what becomes due meanwhile happens at its time, one after another, with all that follows from it.</summary>
    public void Advance(TimeSpan duration) => InTheSimulation(() =>
    {
        var end = Time.GetTimestamp() + duration.Ticks;
        RunReady();
        while (Time.FireNext(end))
            RunReady();
        return 0;
    });

    /// <summary>Lets time pass until something holds, at most for <paramref name="limit"/>; true if it does.</summary>
    public bool AdvanceUntil(Func<bool> holds, TimeSpan limit)
    {
        var end = Time.GetTimestamp() + limit.Ticks;
        return InTheSimulation(() =>
        {
            RunReady();
            while (!holds())
            {
                if (!Time.FireNext(end))
                    return holds() ? 1 : 0;
                RunReady();
            }

            return 1;
        }) == 1;
    }

    private int RunReady()
    {
        var turns = 0;
        while (_executor.RunOne())
            turns++;
        return turns;
    }

    /// <summary>
    /// Runs on this thread whatever follows: a context of the caller's, such as a test runner's, would take continuations of
    /// tasks to other threads.
    /// </summary>
    private static int InTheSimulation(Func<int> run)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
