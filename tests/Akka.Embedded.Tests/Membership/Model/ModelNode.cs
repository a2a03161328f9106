using Akka.Actor;
using Akka.Cluster;
using Akka.Embedded.Tests.Membership.Scheduling;
using Akka.Event;

namespace Akka.Embedded.Tests.Membership.Model;

/// <summary>One node of a <see cref="ModelNetwork"/>. It checks what must hold of every single node at all times.</summary>
internal sealed class ModelNode : IClusterHost, IScheduledNode
{
    private readonly ModelNetwork _network;
    private readonly HashSet<UniqueAddress> _removed = [];
    private readonly List<Action<ClusterNode>> _held = [];
    private bool _isPaused;

    public ModelNode(ModelNetwork network, UniqueAddress self)
    {
        _network = network;
        Self = self;
        Machine = new ClusterNode(self, network.Setup, this);
    }

    public UniqueAddress Self { get; }

    public string Host => Self.Address.Host!;

    public ClusterNode Machine { get; }

    public MembershipState State => Machine.State;

    /// <summary>The process is there, though the membership may have ended.</summary>
    public bool IsRunning { get; private set; } = true;

    public ClusterEnd? Ended { get; private set; }

    public bool IsAlive => IsRunning && Ended is null;

    public bool IsUp => IsAlive && State.SelfMember?.Status == MemberStatus.Up;

    /// <summary>How many members it sees, if all are up and reachable; 0 otherwise.</summary>
    public int Size => IsUp && State.Reachability.IsAllReachable && State.Members.Values.All(static m => m.Status == MemberStatus.Up)
        ? State.Members.Count
        : 0;

    string IScheduledNode.Members => string.Concat(State.Members.Values.Select(static m => m.Address.Host));

    string? IScheduledNode.Leader => State.Leader?.Address.Host;

    string? IScheduledNode.Oldest => State.Members.Values.Min(Member.AgeOrdering)?.Address.Host;

    public List<string> Events { get; } = [];

    public TimeSpan HandOverTime { get; set; } = TimeSpan.FromMilliseconds(300);

    TimeSpan IClusterHost.Now => _network.Now;

    DateTimeOffset IClusterHost.UtcNow => DateTimeOffset.UnixEpoch + _network.Now;

    Random IClusterHost.Random => _network.Random;

    ILoggingAdapter IClusterHost.Log => new ModelLog(_network, this);

    public void Start()
    {
        Every(_network.Setup.GossipInterval, static machine => machine.GossipTick());
        Every(_network.Setup.LeaderActionsInterval, static machine => machine.LeaderTick());
        Every(_network.Setup.HeartbeatInterval, static machine => machine.HeartbeatTick());
        Every(_network.Setup.UnreachableNodesReaperInterval, static machine => machine.ReaperTick());
    }

    /// <summary>Now, or when it goes on if it stands still.</summary>
    public void Do(Action<ClusterNode> action)
    {
        if (!IsRunning)
            return;
        if (_isPaused)
            _held.Add(action);
        else
            action(Machine);
    }

    public void Kill() => IsRunning = false;

    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        foreach (var action in _held)
            action(Machine);
        _held.Clear();
    }

    void IClusterHost.Send(Address to, IClusterMessage message) =>
        _network.Send(this, to, node =>
        {
            if (node.IsAlive)
                node.Machine.Receive(message);
        });

    bool IClusterHost.IsThere(Address node) => false;

    void IClusterHost.SendHeartbeat(Address to, Heartbeat heartbeat) => _network.Send(this, to, node =>
    {
        if (node.IsAlive)
            ((IClusterHost)node).Send(heartbeat.From.Address, new HeartbeatResponse(node.Self));
    });

    void IClusterHost.Changed(MembershipState before, MembershipState after)
    {
        Ended.ShouldBeNull();
        foreach (var @event in MembershipEvents.Between(before, after))
        {
            Events.Add($"{@event}");
            if (@event is ClusterEvent.MemberRemoved removed)
                _removed.Add(removed.Member.UniqueAddress);
        }

        foreach (var (node, member) in after.Members)
        {
            _removed.ShouldNotContain(node, $"{Host} sees a removed incarnation again");
            if (before.Members.TryGetValue(node, out var known))
                ((int)member.Status).ShouldBeGreaterThanOrEqualTo((int)known.Status, $"{Host}: a member's life went backwards");
        }
    }

    void IClusterHost.Exit() => _network.At(_network.Now + HandOverTime, () => Do(static machine => machine.ExitCompleted()));

    void IClusterHost.End(ClusterEnd reason)
    {
        Ended = reason;
        _network.Log.Add($"{_network.Now} {Host}: ended, {reason}");
    }

    private void Every(TimeSpan interval, Action<ClusterNode> tick)
    {
        _network.At(_network.Now + interval * (0.5 + 0.5 * _network.Random.NextDouble()), Fire);

        void Fire()
        {
            if (!IsAlive)
                return;
            _network.At(_network.Now + interval, Fire);
            // Of many ticks that were missed one is made up for.
            if (!_isPaused || !_held.Contains(tick))
                Do(tick);
        }
    }

    private sealed class ModelLog(ModelNetwork network, ModelNode node) : ILoggingAdapter
    {
        public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

        public bool IsDebugEnabled => true;

        public bool IsInfoEnabled => true;

        public bool IsWarningEnabled => true;

        public bool IsErrorEnabled => true;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log(LogLevel logLevel, Exception? cause, string format) => network.Log.Add($"{network.Now} {node.Host}: {format}");

        public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => network.Log.Add($"{network.Now} {node.Host}: {message}");
    }
}
