using Akka.Actor;
using Akka.DistributedData;
using Akka.DistributedData.Replication;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>Replicators on a network that is slow, is cut in two or in one direction only, and breaks, with nodes that come, hang and die.</summary>
public sealed class ReplicationUnderFailuresTests
{
    private const int Seeds = 150;
    private const int Steps = 50;

    private static readonly PNCounterKey Count = new("count");
    private static readonly GSetKey<int> Numbers = new("numbers");
    private static readonly FlagKey Flag = new("flag");
    private static readonly LWWRegisterKey<int> Register = new("register");

    [Fact]
    public void Copies_are_the_same_soon_after_the_network_works_again()
    {
        for (var seed = 0; seed < Seeds; seed++)
            new Run(seed).Check();
    }

    /// <summary>One history, drawn from a seed.</summary>
    private sealed class Run
    {
        private readonly int _seed;
        private readonly ReplicatedNodes _nodes;
        private readonly Random _random;
        private readonly Dictionary<ReplicatedNode, long> _counted = [];
        private readonly Dictionary<ReplicatedNode, List<int>> _numbers = [];
        private readonly Dictionary<ReplicatedNode, Recorder> _recorders = [];
        private int _number;
        private int _hosts;

        public Run(int seed)
        {
            _seed = seed;
            _nodes = new ReplicatedNodes(seed, ReplicatorSettings.Default.WithMaxDeltaSize(seed % 3 == 0 ? 2 : 50));
            _random = _nodes.Random;
            for (var i = 0; i <= seed % 5; i++)
                Join();
            var network = _nodes.Cluster.Network;
            network.MaxLatency = TimeSpan.FromMilliseconds(seed % 4 == 0 ? 300 : 2);
            network.BreakProbability = seed % 2 == 0 ? 0.01 : 0;
        }

        public void Check()
        {
            for (var step = 0; step < Steps; step++)
                Step();

            _nodes.Cluster.Network.BreakProbability = 0;
            Heal();
            _nodes.Members.ForEach(static node => node.Member.Node.Resume());
            _nodes.Converge(40);
            _nodes.Advance(15);

            var (all, first) = (_nodes.Members, _nodes[0]);
            _nodes.Same.ShouldBeTrue($"seed {_seed}");
            foreach (var node in all)
            {
                node.Replica.Logs.IsIdle.ShouldBeTrue($"seed {_seed}");
                node.Replica.Comparison.Pulling.ShouldBe(0, $"seed {_seed}");
                ((ActorCell)node.Replicator).GetChildren().ShouldBeEmpty($"seed {_seed}");
                _recorders[node].CheckLast(node, _seed);
            }

            // What a node that has died had counted may be lost, wholly or in part.
            var living = _counted.Where(counted => all.Contains(counted.Key)).Sum(static counted => counted.Value);
            var value = (long)(first.Copy(Count)?.Value ?? 0);
            if (_counted.Count == all.Count)
                value.ShouldBe(living, $"seed {_seed}");
            var numbers = first.Copy(Numbers)?.Elements.ToHashSet() ?? [];
            numbers.IsSupersetOf(all.SelectMany(node => _numbers[node])).ShouldBeTrue($"seed {_seed}");
        }

        private void Step()
        {
            switch (_random.Next(20))
            {
                case 0:
                    Cut();
                    break;
                case 1:
                    Heal();
                    break;
                case 2 when _nodes.Members.Count > 1:
                    _nodes.Cluster.Network.Break(Any().Member.Node.Host, Any().Member.Node.Host);
                    break;
                case 3:
                    Any().Member.Node.Pause();
                    break;
                case 4:
                    _nodes.Members.ForEach(static node => node.Member.Node.Resume());
                    break;
                case 5 when _nodes.Members.Count > 2 && _random.Next(3) == 0:
                    _nodes.Remove(Any());
                    break;
                case 6 when _nodes.Members.Count < 6 && _random.Next(3) == 0:
                    Join();
                    break;
                case < 14:
                    Change(Any());
                    break;
                default:
                    _nodes.Advance(_random.NextDouble() * (_random.Next(5) == 0 ? 5 : 0.5));
                    break;
            }
        }

        private void Join()
        {
            var node = _nodes.Join($"n{_hosts++}");
            (_counted[node], _numbers[node]) = (0, []);
            var recorder = _recorders[node] = new Recorder();
            var subscriber = node.Member.System.ActorOf(Props.Create(() => new Subscriber(recorder)));
            foreach (var key in new IKey[] { Count, Numbers, Flag, Register }.Concat(Enumerable.Range(0, 3).SelectMany(Keys)))
                node.Replicator.Tell(new Subscribe(key, subscriber), ActorRefs.NoSender);
        }

        private ReplicatedNode Any() => _nodes[_random.Next(_nodes.Members.Count)];

        private static IKey[] Keys(int n) => [new ORSetKey<long>($"set{n}"), new LWWDictionaryKey<string, int>($"words{n}")];

        private void Cut()
        {
            var (one, other) = (Any(), Any());
            if (one == other)
                return;
            if (_random.Next(2) == 0)
            {
                _nodes.Cluster.Network.Cut(one.Member.Node.Host, other.Member.Node.Host);
                return;
            }

            // The sides learn that they can't reach each other, now or never.
            var isNoticed = _random.Next(2) == 0;
            var left = _nodes.Members.Where(_ => _random.Next(2) == 0).ToList();
            var right = _nodes.Members.Except(left).ToList();
            _nodes.Cluster.Network.Partition([.. left.Select(Host)], [.. right.Select(Host)]);
            foreach (var node in isNoticed ? left : [])
            {
                foreach (var far in right)
                {
                    node.Tell(new MembershipChange.Unreachable(far.Address));
                    far.Tell(new MembershipChange.Unreachable(node.Address));
                }
            }
        }

        private void Heal()
        {
            _nodes.Cluster.Network.Heal();
            foreach (var node in _nodes.Members)
            {
                foreach (var other in _nodes.Members)
                    node.Tell(new MembershipChange.Reachable(other.Address));
            }
        }

        private static string Host(ReplicatedNode node) => node.Member.Node.Host;

        private void Change(ReplicatedNode node)
        {
            var consistency = _random.Next(6) switch
            {
                0 => new WriteMajority(TimeSpan.FromSeconds(2)),
                1 => new WriteAll(TimeSpan.FromSeconds(1)),
                2 => new WriteTo(2, TimeSpan.FromSeconds(1)),
                _ => (IWriteConsistency)WriteLocal.Instance,
            };
            var (n, element) = (_random.Next(3), (long)_random.Next(20));
            switch (_random.Next(8))
            {
                case 0:
                    var by = _random.Next(-5, 10);
                    node.Update(Count, PNCounter.Empty, counter => counter.Increment(node.Address, by), consistency);
                    _counted[node] += by;
                    break;
                case 1:
                    var number = _number++;
                    node.Update(Numbers, GSet<int>.Empty, set => set.Add(number), consistency);
                    _numbers[node].Add(number);
                    break;
                case 2:
                    node.Update(new ORSetKey<long>($"set{n}"), ORSet<long>.Empty, set => set.Remove(node.Address, element), consistency);
                    break;
                case 3:
                    node.Update(
                        new LWWDictionaryKey<string, int>($"words{n}"),
                        LWWDictionary<string, int>.Empty,
                        words => words.SetItem(node.Address, $"{element % 5}", (int)element),
                        consistency);
                    break;
                case 4:
                    node.Update(
                        new LWWDictionaryKey<string, int>($"words{n}"),
                        LWWDictionary<string, int>.Empty,
                        words => words.Remove(node.Address, $"{element % 5}"),
                        consistency);
                    break;
                case 5:
                    node.Update(
                        Register,
                        new LWWRegister<int>(node.Address, 0, 0),
                        register => register.WithValue(node.Address, (int)element, (time, _) => time + 1),
                        consistency);
                    break;
                case 6:
                    node.Update(Flag, Akka.DistributedData.Flag.False, flag => flag.SwitchOn(), consistency);
                    break;
                default:
                    var count = _random.Next(8) == 0 ? 30 : 1;
                    node.Update(new ORSetKey<long>($"set{n}"), ORSet<long>.Empty, set => Filled(set, node, element, count), consistency);
                    break;
            }
        }

        private static ORSet<long> Filled(ORSet<long> set, ReplicatedNode node, long first, int count)
        {
            for (var i = 0; i < count; i++)
                set = set.Add(node.Address, first + i);
            return set;
        }
    }

    /// <summary>What a subscriber was told last.</summary>
    private sealed class Recorder
    {
        public Dictionary<string, IReplicatedData> Last { get; } = [];

        public void CheckLast(ReplicatedNode node, int seed)
        {
            foreach (var (key, envelope) in node.Replica.Store.All)
                Last[key].Equals(envelope.Data).ShouldBeTrue($"the subscriber of {key} was not told the last value, seed {seed}");
        }
    }

    private sealed class Subscriber : ReceiveActor
    {
        public Subscriber(Recorder recorder) => Receive<Changed>(changed => recorder.Last[changed.Key.Id] = (IReplicatedData)changed.Data);
    }
}
