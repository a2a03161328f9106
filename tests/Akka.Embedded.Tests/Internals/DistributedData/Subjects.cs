using Akka.Cluster;
using Akka.DistributedData;
using Akka.Embedded.Tests.DistributedData;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>A type of replicated data under test: how a node changes it at random, and what it shows.</summary>
internal sealed class Subject(
    string name, IReplicatedData empty, Func<IReplicatedData, UniqueAddress, Random, IReplicatedData> change, Func<IReplicatedData, string> show)
{
    private const int Keys = 4;

    public static readonly Subject[] All =
    [
        Of(
            "ORSet",
            ORSet<string>.Empty,
            static (set, node, random) => random.Next(10) switch
            {
                < 5 => set.Add(node, Key(random)),
                < 9 => set.Remove(node, Key(random)),
                _ => set.Clear(node),
            },
            static set => string.Join(' ', set.Order(StringComparer.Ordinal))),
        Of(
            "LWWDictionary",
            LWWDictionary<string, int>.Empty,
            static (words, node, random) => random.Next(3) switch
            {
                < 2 => words.SetItem(node, Key(random), random.Next(1000), Clock(random.Next(50))),
                _ => words.Remove(node, Key(random)),
            },
            static words => Show(words.Select(static e => $"{e.Key}={e.Value}"))),
        Of(
            "ORDictionary",
            ORDictionary<string, PNCounter>.Empty,
            static (counts, node, random) => random.Next(4) switch
            {
                < 3 => counts.AddOrUpdate(node, Key(random), PNCounter.Empty, c => c.Increment(node, random.Next(-3, 9))),
                _ => counts.Remove(node, Key(random)),
            },
            static counts => Show(counts.Select(static e => $"{e.Key}={e.Value.Value}"))),
        Of(
            "PNCounter",
            PNCounter.Empty,
            static (counter, node, random) => counter.Increment(node, random.Next(-5, 10)),
            static counter => $"{counter.Value}"),
        Of(
            "GCounter",
            GCounter.Empty,
            static (counter, node, random) => counter.Increment(node, (ulong)random.Next(5)),
            static counter => $"{counter.Value}"),
        Of(
            "GSet",
            GSet<int>.Empty,
            static (set, _, random) => set.Add(random.Next(100)),
            static set => string.Join(' ', set.Order())),
        Of(
            "Flag",
            Flag.False,
            static (flag, _, random) => random.Next(20) == 0 ? flag.SwitchOn() : flag,
            static flag => $"{flag.Enabled}"),
        Of(
            "LWWRegister",
            new LWWRegister<int>(Nodes.A, 0, 0),
            static (register, node, random) => register.WithValue(node, random.Next(1000), (time, _) => time + random.Next(1, 4)),
            static register => $"{register.Value}@{register.Timestamp}"),
    ];

    public string Name => name;

    public IReplicatedData Empty => empty;

    public static Subject Named(string name) => All.Single(subject => subject.Name == name);

    public IReplicatedData Change(IReplicatedData data, UniqueAddress node, Random random) => change(data, node, random);

    public string Show(IReplicatedData data) => show(data);

    private static Subject Of<T>(string name, T empty, Func<T, UniqueAddress, Random, T> change, Func<T, string> show)
        where T : IReplicatedData =>
        new(name, empty, (data, node, random) => change((T)data, node, random), data => show((T)data));

    private static string Show(IEnumerable<string> entries) => string.Join(' ', entries.Order(StringComparer.Ordinal));

    private static string Key(Random random) => $"k{random.Next(Keys)}";

    private static Clock<int> Clock(long time) => (current, _) => Math.Max(time, current + 1);
}
