using Akka.Cluster;
using Akka.DistributedData;
using Akka.DistributedData.Replication;
using Akka.Embedded.Tests.DistributedData;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>What holds of all replicated data, whatever has happened to its copies.</summary>
public sealed class ReplicatedDataLawTests
{
    private const int Seeds = 300;
    private const int Steps = 40;

    public static TheoryData<string> Types => [.. Subject.All.Select(subject => subject.Name)];

    public static TheoryData<string> DeltaTypes => [.. Subject.All.Where(subject => subject.Empty is IDeltaReplicatedData).Select(subject => subject.Name)];

    public static TheoryData<string> PrunedTypes => [.. Subject.All.Where(subject => subject.Empty is IRemovedNodePruning).Select(subject => subject.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Merge_is_commutative_associative_and_idempotent(string type)
    {
        var subject = Subject.Named(type);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var states = History(subject, random);
            for (var i = 0; i < 5; i++)
            {
                var (a, b, c) = (Any(states, random), Any(states, random), Any(states, random));
                Same(subject, a.Merge(b), b.Merge(a), $"a b, seed {seed}");
                Same(subject, a.Merge(b).Merge(c), a.Merge(b.Merge(c)), $"a b c, seed {seed}");
                Same(subject, a.Merge(b).Merge(b), a.Merge(b), $"a b b, seed {seed}");
                Same(subject, a.Merge(a), Reset(a), $"a a, seed {seed}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(DeltaTypes))]
    public void Deltas_give_what_whole_values_give(string type)
    {
        var subject = Subject.Named(type);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var copies = Nodes.All.ToDictionary(static node => node, _ => new Copied(subject.Empty));
            for (var step = 0; step < Steps; step++)
            {
                var node = Any(Nodes.All, random);
                if (random.Next(2) == 0)
                    Change(subject, copies[node], node, random);
                else
                    Deliver(copies[Any(Nodes.All, random)], copies[node], node, random, random.Next(3));
            }

            var whole = copies.Values.Select(static copy => copy.Data).Aggregate(static (a, b) => a.Merge(b));
            foreach (var (node, copy) in copies)
            {
                foreach (var other in copies.Values)
                    Deliver(other, copy, node, random, int.MaxValue);
            }

            foreach (var copy in copies.Values)
                Same(subject, copy.Data, whole, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(PrunedTypes))]
    public void Pruning_keeps_what_there_is_and_forgets_the_node(string type)
    {
        var subject = Subject.Named(type);
        var (removed, into) = (Nodes.D, Nodes.A);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var common = (IRemovedNodePruning)Reset(History(subject, random).Aggregate(static (a, b) => a.Merge(b)));
            if (!common.NeedPruningFrom(removed))
                continue;

            // The others go on while it is pruned, and one of them learns of it by a delta.
            var pruned = common.Prune(removed, into);
            var changed = subject.Change(common, Nodes.B, random);
            var delta = ((IDeltaReplicatedData)pruned).Delta;
            IReplicatedData learnt = common;
            if (delta is not null)
                learnt = ((IDeltaReplicatedData)learnt).MergeDelta(delta);
            learnt = Reset(((IRemovedNodePruning)learnt).PruningCleanup(removed));

            subject.Show(pruned).ShouldBe(subject.Show(common), $"seed {seed}");
            ((IRemovedNodePruning)pruned).NeedPruningFrom(removed).ShouldBeFalse($"seed {seed}");
            ((IRemovedNodePruning)pruned).ModifiedByNodes.ShouldNotContain(removed);
            Same(subject, learnt, Reset(pruned), $"seed {seed}");
            var rest = Reset(((IRemovedNodePruning)changed).PruningCleanup(removed));
            Same(subject, rest.Merge(pruned), pruned.Merge(rest), $"seed {seed}");
        }
    }

    [Fact]
    public void Set_shows_what_its_history_says()
    {
        for (var seed = 0; seed < 3 * Seeds; seed++)
        {
            var random = new Random(seed);
            var sets = Nodes.All.ToDictionary(static node => node, _ => ORSet<int>.Empty);
            var histories = Nodes.All.ToDictionary(static node => node, _ => new SetHistory());
            var additions = 0;
            for (var step = 0; step < Steps; step++)
            {
                var node = Any(Nodes.All, random);
                var element = random.Next(5);
                switch (random.Next(4))
                {
                    case 0:
                        sets[node] = sets[node].Add(node, element);
                        histories[node].Remove(element);
                        histories[node].Added.Add((element, additions++));
                        break;
                    case 1:
                        sets[node] = sets[node].Remove(node, element);
                        histories[node].Remove(element);
                        break;
                    default:
                        var other = Any(Nodes.All, random);
                        sets[node] = sets[node].Merge(sets[other]);
                        histories[node].Added.UnionWith(histories[other].Added);
                        histories[node].Removed.UnionWith(histories[other].Removed);
                        break;
                }

                sets[node].Order().SequenceEqual(histories[node].Elements).ShouldBeTrue($"seed {seed}, step {step}");
            }
        }
    }

    /// <summary>All states that the copies of some nodes have had, which changed and merged at random.</summary>
    private static List<IReplicatedData> History(Subject subject, Random random)
    {
        var copies = Nodes.All.ToDictionary(static node => node, _ => subject.Empty);
        var states = new List<IReplicatedData>();
        for (var step = 0; step < Steps; step++)
        {
            var node = Any(Nodes.All, random);
            copies[node] = random.Next(5) < 3
                ? Reset(subject.Change(copies[node], node, random))
                : Reset(copies[node].Merge(copies[Any(Nodes.All, random)]));
            states.Add(copies[node]);
        }

        return states;
    }

    private static void Change(Subject subject, Copied copy, UniqueAddress node, Random random)
    {
        var changed = (IDeltaReplicatedData)subject.Change(copy.Data, node, random);
        ((IDerived)changed).DerivesFrom(copy.Data).ShouldBeTrue();
        if (changed.Delta is null)
            return;
        copy.Deltas.Add(changed.Delta);
        copy.Data = changed.ResetDelta();
    }

    /// <summary>Brings another copy what it lacks of a node's changes, or part of it: one by one, at once, or some of it twice.</summary>
    private static void Deliver(Copied to, Copied from, UniqueAddress node, Random random, int count)
    {
        if (ReferenceEquals(to, from))
            return;
        var has = to.Has.GetValueOrDefault(node);
        var again = Math.Max(0, has - random.Next(3));
        var deltas = from.Deltas.GetRange(again, Math.Min(from.Deltas.Count, has + Math.Min(count, 1000)) - again);
        if (deltas.Count == 0)
            return;
        var data = (IDeltaReplicatedData)to.Data;
        to.Data = random.Next(2) == 0
            ? data.MergeDelta(Deltas.Merge(deltas))
            : deltas.Aggregate((IReplicatedData)data, static (copy, delta) => ((IDeltaReplicatedData)copy).MergeDelta(delta));
        to.Has[node] = Math.Max(has, again + deltas.Count);
    }

    private static IReplicatedData Reset(IReplicatedData data) => data is IDeltaReplicatedData delta ? delta.ResetDelta() : data;

    private static T Any<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];

    private static void Same(Subject subject, IReplicatedData one, IReplicatedData other, string which)
    {
        subject.Show(one).ShouldBe(subject.Show(other), which);
        one.Equals(other).ShouldBeTrue(which);
        if (one is IFingerprinted fingerprinted)
            fingerprinted.Fingerprint.ShouldBe(((IFingerprinted)other).Fingerprint, which);
    }

    private sealed class Copied(IReplicatedData data)
    {
        public IReplicatedData Data { get; set; } = data;

        public List<IReplicatedDelta> Deltas { get; } = [];

        public Dictionary<UniqueAddress, int> Has { get; } = [];
    }

    /// <summary>What a set is by definition: all additions that were seen, less those that were seen being removed.</summary>
    private sealed class SetHistory
    {
        public HashSet<(int Element, int Addition)> Added { get; } = [];

        public HashSet<(int Element, int Addition)> Removed { get; } = [];

        public IEnumerable<int> Elements => Added.Except(Removed).Select(static addition => addition.Element).Distinct().Order();

        public void Remove(int element) => Removed.UnionWith(Added.Where(addition => addition.Element == element));
    }
}
