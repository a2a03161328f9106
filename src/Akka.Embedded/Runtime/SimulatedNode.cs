using Akka.Remote.Transport;

namespace Akka.Runtime;

/// <summary>
/// One process of a <see cref="Simulation"/>: the systems that are created with its <see cref="Setup"/> run, stand still and die together.
/// </summary>
public sealed class SimulatedNode
{
    private readonly SimulatedExecutor _executor;
    private readonly List<IThreadPoolWorkItem> _held = [];
    private readonly List<Action> _heldTimers = [];

    internal SimulatedNode(Simulation simulation, SimulatedExecutor executor, string host)
    {
        _executor = executor;
        Host = host;
        Transport = new SimulatedTransport(simulation.Network, this);
        Setup = new RuntimeSetup
        {
            Executor = new NodeExecutor(this),
            Time = new NodeTime(this, simulation.Time),
            Random = simulation.Random,
            Throughput = 1,
        };
    }

    /// <summary>The name of its machine in the simulated network.</summary>
    public string Host { get; }

    public RuntimeSetup Setup { get; }

    /// <summary>The simulated network as this node reaches it.</summary>
    public ITransport Transport { get; }

    /// <summary>Nothing of it runs, ever again.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Nothing of it runs until <see cref="Resume"/>, but time goes on.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The process ends in the middle of whatever it does: its links break, and nobody at its port answers.</summary>
    public void Kill()
    {
        IsDead = true;
        _held.Clear();
        _heldTimers.Clear();
        ((SimulatedTransport)Transport).Die();
    }

    /// <summary>As a process that is stopped, or whose machine swaps: what it should do waits.</summary>
    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        foreach (var timer in _heldTimers.ToArray())
            timer();
        _heldTimers.Clear();
        foreach (var work in _held)
            _executor.Execute(this, work);
        _held.Clear();
    }

    internal void Execute(IThreadPoolWorkItem work)
    {
        if (!IsDead)
            _executor.Execute(this, work);
    }

    /// <summary>Whether the work that was chosen is done now; what isn't is kept for later, unless there is no later.</summary>
    internal bool MayRun(IThreadPoolWorkItem work)
    {
        if (IsPaused && !IsDead)
            _held.Add(work);
        return !IsPaused && !IsDead;
    }

    private void OnTimer(Action fire)
    {
        if (IsDead)
            return;
        if (IsPaused)
            _heldTimers.Add(fire);
        else
            fire();
    }

    private sealed class NodeExecutor(SimulatedNode node) : IExecutor
    {
        public void Execute(IThreadPoolWorkItem work, bool yielding) => node.Execute(work);
    }

    private sealed class NodeTime(SimulatedNode node, VirtualTime time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Action fire = () => callback(state);
            return time.CreateTimer(_ => node.OnTimer(fire), null, dueTime, period);
        }
    }
}
