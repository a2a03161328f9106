namespace Akka.Runtime;

/// <summary>
/// What a system takes from the outside world. The runtime, and actors that ask their system, have no other clock, source
/// of randomness or threads.
/// </summary>
public sealed class RuntimeSetup : Actor.Setup.Setup
{
    public IExecutor Executor { get; init; } = ThreadPoolExecutor.Instance;

#pragma warning disable RS0030 // The defaults of the very properties that everything else takes them from.
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Random Random { get; init; } = Random.Shared;
#pragma warning restore RS0030

    /// <summary>Messages that an actor handles before it yields its thread.</summary>
    public int Throughput { get; init; } = 100;

    /// <summary>How long a phase of <see cref="Actor.CoordinatedShutdown"/> may take, where the phase has no value of its own.</summary>
    public TimeSpan DefaultPhaseTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
