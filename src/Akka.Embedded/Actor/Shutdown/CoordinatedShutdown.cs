using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The orderly end of a system: phases one after another; within a phase the tasks run at the same time. A task that
/// fails or takes longer than its phase may is logged, and the shutdown goes on.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private static readonly string[] Phases =
    [
        PhaseBeforeServiceUnbind,
        PhaseServiceUnbind,
        PhaseServiceRequestsDone,
        PhaseServiceStop,
        PhaseBeforeClusterShutdown,
        PhaseClusterShardingShutdownRegion,
        PhaseClusterLeave,
        PhaseClusterExiting,
        PhaseClusterExitingDone,
        PhaseClusterShutdown,
        PhaseBeforeActorSystemTerminate,
        PhaseActorSystemTerminate,
    ];

    private readonly ActorSystemImpl _system;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private readonly TaskCompletionSource<Done> _done;
    private Reason? _reason;

    internal CoordinatedShutdown(ActorSystemImpl system) =>
        (_system, _done) = (system, new TaskCompletionSource<Done>(system.Continuations));

    public ExtendedActorSystem System => _system;

    /// <summary>Why it runs; null while it does not.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    public TimeSpan TotalTimeout => Phases.Aggregate(TimeSpan.Zero, (total, phase) => total + Timeout(phase));

    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Apply(sys);

    /// <summary>Adds a task to a phase. A phase that has run already runs no more tasks.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        EnsureKnown(phase);
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
                _tasks.Add(phase, tasks = []);
            tasks.Add((taskName, task));
        }
    }

    public TimeSpan Timeout(string phase)
    {
        EnsureKnown(phase);
        return phase is PhaseClusterShardingShutdownRegion or PhaseClusterExiting or PhaseActorSystemTerminate
            ? TimeSpan.FromSeconds(10)
            : _system.Runtime.DefaultPhaseTimeout;
    }

    /// <summary>Runs the phases; only the first call does, and all get its task.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="fromPhase">The first phase to run; null for all.</param>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (fromPhase is not null)
            EnsureKnown(fromPhase);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _system.Executor.Execute(new Start(this, fromPhase ?? Phases[0]), yielding: false);
        return _done.Task;
    }

    private async Task RunPhases(string fromPhase)
    {
        foreach (var phase in Phases.SkipWhile(phase => phase != fromPhase))
            await RunPhase(phase).ConfigureAwait(false);
        _done.TrySetResult(Done.Instance);
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_gate)
            tasks = _tasks.TryGetValue(phase, out var added) ? [.. added] : [];
        if (tasks.Length == 0)
            return;
        var timeout = Timeout(phase);
        var running = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Task)));
        try
        {
            await running.WaitAsync(timeout, _system.Runtime.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _system.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, timeout);
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> task)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _system.Log.Warning(e, "Task [{0}] failed in phase [{1}]", name, phase);
        }
    }

    private static void EnsureKnown(string phase)
    {
        if (!Phases.Contains(phase))
            throw new ArgumentException($"There is no phase {phase}, but {string.Join(", ", Phases)}", nameof(phase));
    }

    // Whoever starts the shutdown may be an actor: the tasks must not run inside its message.
    private sealed class Start(CoordinatedShutdown shutdown, string fromPhase) : IThreadPoolWorkItem
    {
        public void Execute() => _ = shutdown.RunPhases(fromPhase);
    }

    /// <summary>Why a system shuts down; derive from it for reasons of one's own.</summary>
    public class Reason
    {
        protected Reason() { }
    }

    /// <summary>No reason was given.</summary>
    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();
    }

    /// <summary>This node was declared dead, by other members of its cluster or by itself.</summary>
    public class ClusterDowningReason : Reason
    {
        public static readonly Reason Instance = new ClusterDowningReason();
    }

    /// <summary>This node has left its cluster.</summary>
    public class ClusterLeavingReason : Reason
    {
        public static readonly Reason Instance = new ClusterLeavingReason();
    }

    /// <summary>The cluster does not accept this node.</summary>
    public class ClusterJoinUnsuccessfulReason : Reason
    {
        public static readonly Reason Instance = new ClusterJoinUnsuccessfulReason();
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();
    }
}

/// <summary>The id of <see cref="CoordinatedShutdown"/>.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        var local = (ActorSystemImpl)system;
        var shutdown = new CoordinatedShutdown(local);
        shutdown.AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            await local.FinalTerminate().ConfigureAwait(false);
            return Done.Instance;
        });
        return shutdown;
    }
}
