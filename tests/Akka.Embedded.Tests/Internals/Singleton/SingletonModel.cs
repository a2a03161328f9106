using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;

namespace Akka.Embedded.Tests.Internals.Singleton;

/// <summary>
/// Nodes that come, leave and die in an order drawn from a seed. Every node learns late what has become of the others, messages take their time
/// and get lost, and a singleton takes its time to stop.
/// </summary>
internal sealed class SingletonModel(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Node> _nodes = [];

    // What has happened in the cluster, in the one order in which all nodes see it; a node has seen a prefix.
    private readonly List<Member> _history = [];
    private readonly List<(UniqueAddress To, SingletonInput Input)> _onTheWay = [];
    private int _lastUp;

    public void Run()
    {
        for (var i = 0; i < 400; i++)
        {
            Step();
            RunningNodes().Count().ShouldBeLessThan(2, $"seed {seed}");
        }

        if (!_nodes.Any(IsUp))
            Join();
        for (var i = 0; i < 4000 && (RunningNodes().Count() != 1 || !IsUp(RunningNodes().Single())); i++)
        {
            Progress();
            RunningNodes().Count().ShouldBeLessThan(2, $"seed {seed}");
        }

        RunningNodes().Count(IsUp).ShouldBe(1, $"seed {seed}");
    }

    private IEnumerable<Node> RunningNodes() => _nodes.Where(static node => node.IsRunning);

    private bool IsUp(Node node) => !node.IsDead && StatusOf(node.Self) == MemberStatus.Up;

    private MemberStatus? StatusOf(UniqueAddress node) => _history.FindLast(m => m.UniqueAddress == node)?.Status;

    private void Step()
    {
        switch (_random.Next(12))
        {
            case 0 when _nodes.Count(IsUp) < 4:
                Join();
                break;
            case 1 when _nodes.Where(IsUp).ToList() is { Count: > 1 } up:
                Happen(up[_random.Next(up.Count)].Self, MemberStatus.Leaving);
                break;
            case 2 when _random.Next(4) == 0 && _nodes.Where(static node => !node.IsDead).ToList() is { Count: > 1 } alive:
                alive[_random.Next(alive.Count)].Die();
                break;
            default:
                Progress();
                break;
        }
    }

    private void Progress()
    {
        switch (_random.Next(5))
        {
            case 0:
                AdvanceStatus();
                break;
            case 1 when _nodes.Where(n => !n.IsDead && n.Seen < _history.Count).ToList() is { Count: > 0 } behind:
                var late = behind[_random.Next(behind.Count)];
                Take(late, late.Learn(_history, _random.Next(1, _history.Count - late.Seen + 1)));
                break;
            case 2 when _onTheWay.Count > 0:
                var chosen = _random.Next(_onTheWay.Count);
                var (to, input) = _onTheWay[chosen];
                _onTheWay.RemoveAt(chosen);
                if (_random.Next(10) > 0 && _nodes.Find(n => n.Self == to) is { IsDead: false } receiver)
                    Take(receiver, receiver.Decide(input));
                break;
            case 3 when _nodes.Where(static node => node.IsStopping).ToList() is { Count: > 0 } stopping:
                var stopped = stopping[_random.Next(stopping.Count)];
                Take(stopped, stopped.SingletonStops());
                break;
            default:
                foreach (var node in _nodes.Where(static node => !node.IsDead))
                    Take(node, node.Decide(new HandOverRetryDue()));
                break;
        }
    }

    private void AdvanceStatus()
    {
        foreach (var node in _nodes)
        {
            switch (StatusOf(node.Self))
            {
                case MemberStatus.Leaving when !node.IsDead:
                    Happen(node.Self, MemberStatus.Exiting);
                    return;
                // A leader removes an exiting member once it has seen itself exit, has released the singleton, and is about to end.
                case MemberStatus.Exiting when node.IsDead || node.IsReleased:
                    node.Die();
                    Happen(node.Self, MemberStatus.Removed);
                    return;
                case MemberStatus.Up or MemberStatus.Leaving when node.IsDead:
                    Happen(node.Self, MemberStatus.Down);
                    return;
                case MemberStatus.Down:
                    Happen(node.Self, MemberStatus.Removed);
                    return;
            }
        }
    }

    private void Join()
    {
        var node = new Node(new UniqueAddress(new Address("akka.tcp", "test", $"n{_nodes.Count}", 1), _nodes.Count + 1));
        _nodes.Add(node);
        Happen(node.Self, MemberStatus.Up);
    }

    private void Happen(UniqueAddress node, MemberStatus status)
    {
        var upNumber = status == MemberStatus.Up ? ++_lastUp : _history.FindLast(m => m.UniqueAddress == node)!.UpNumber;
        _history.Add(new Member(node, status, [], upNumber));
    }

    private void Take(Node node, IEnumerable<SingletonEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case AskForHandOver ask:
                    Send(ask.Of, new HandOverAsked(node.Self));
                    break;
                case TellReleased tell:
                    Send(tell.To, new HandOverCompleted(node.Self));
                    break;
            }
        }
    }

    private void Send(UniqueAddress to, SingletonInput input)
    {
        if (!_onTheWay.Contains((to, input)))
            _onTheWay.Add((to, input));
    }

    private sealed class Node(UniqueAddress self)
    {
        private SingletonState _state = new(self, null);
        private MembersByAge _members = MembersByAge.Of(null);

        public UniqueAddress Self => self;

        public int Seen { get; private set; }

        public bool IsDead { get; private set; }

        public bool IsRunning { get; private set; }

        public bool IsStopping { get; private set; }

        public bool IsReleased => _state.Phase == SingletonPhase.Released;

        public void Die() => (IsDead, IsRunning, IsStopping) = (true, false, false);

        /// <summary>Gossip comes late, and skips what was in between.</summary>
        public ImmutableList<SingletonEffect> Learn(List<Member> history, int more)
        {
            var members = _members.Members.ToDictionary(static member => member.UniqueAddress);
            foreach (var member in history.GetRange(Seen, more))
                members[member.UniqueAddress] = member;
            Seen += more;
            var rest = members.Values.Where(static member => member.Status != MemberStatus.Removed);
            _members = _members.With(new ClusterEvent.CurrentClusterState([.. rest], [], [], null, ImmutableDictionary<string, Address?>.Empty));
            return Decide(new MembersAre(_members));
        }

        public ImmutableList<SingletonEffect> SingletonStops()
        {
            (IsRunning, IsStopping) = (false, false);
            return Decide(new SingletonStopped());
        }

        public ImmutableList<SingletonEffect> Decide(SingletonInput input)
        {
            (_state, var effects) = _state.Decide(input);
            foreach (var effect in effects)
            {
                if (effect is StartSingleton)
                    IsRunning = true;
                else if (effect is StopSingleton)
                    IsStopping = true;
            }

            return effects;
        }
    }
}
