using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.DistributedData;
using Akka.DistributedData.Causal;
using Akka.DistributedData.Replication;
using Akka.DistributedData.Wire;
using Akka.Embedded.Tests.DistributedData;
using Akka.Embedded.Tests.Internals.Remote;
using Akka.Serialization;
using UniqueAddress = Akka.Cluster.UniqueAddress;

namespace Akka.Embedded.Tests.Internals.DistributedData;

public sealed class SerializationTests
{
    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)new SimulatedCluster(1).Start("a").System;

    [Fact]
    public void Every_message_of_replicators_makes_the_round_trip()
    {
        var samples = Messages();
        foreach (var sample in samples)
            Describe(RoundTrip(sample)).ShouldBe(Describe(sample));
        Missing<IReplicatorMessage>(samples).ShouldBeEmpty("these have no sample");
    }

    [Fact]
    public void All_replicated_data_and_keys_make_the_round_trip()
    {
        var samples = Data().Concat(Data().OfType<IDeltaReplicatedData>().Select(static data => data.Delta).OfType<object>()).Concat(Keys()).ToList();
        foreach (var sample in samples)
            Describe(RoundTrip(sample)).ShouldBe(Describe(sample));
        Missing<IReplicatedDataSerialization>(samples).Except([typeof(PlainKey)]).ShouldBeEmpty("these have no sample");
    }

    [Fact]
    public void Elements_of_all_types_make_the_round_trip()
    {
        var actor = _system.ActorOf(Props.Create(() => new Idle()));
        Elements("text", "", "ü");
        Elements(0, -1, int.MaxValue);
        Elements(0L, -1, long.MaxValue);
        Elements(true, false);
        Elements(0.5, double.NaN);
        Elements(actor, ActorRefs.Nobody);
        Elements<object>("text", 1, 2L);
        Values("text");
        Values<byte[]>([1, 2]);
        Values<object>("text", 1);
        Values(true);

        void Elements<T>(params T[] elements)
            where T : notnull
        {
            var set = elements.Aggregate(ORSet<T>.Empty, static (set, element) => set.Add(Nodes.A, element));
            RoundTrip(set).ShouldBeOfType<ORSet<T>>().Equals(set).ShouldBeTrue();
            RoundTrip(GSet.Create(elements)).ShouldBeOfType<GSet<T>>().ShouldBe(elements, ignoreOrder: true);
        }

        void Values<T>(params T[] values)
        {
            var dictionary = LWWDictionary<int, T>.Empty;
            for (var i = 0; i < values.Length; i++)
                dictionary = dictionary.SetItem(Nodes.B, i, values[i]);
            RoundTrip(dictionary).ShouldBeOfType<LWWDictionary<int, T>>().OrderBy(static e => e.Key).Select(static e => e.Value).ShouldBe(values);
        }
    }

    [Fact]
    public void Data_of_the_applications_own_goes_through_its_serializer()
    {
        var serializer = new OwnSerializer(_system);
        _system.Serialization.AddSerializer("own", serializer);
        _system.Serialization.AddSerializationMap(typeof(Own), serializer);

        var write = new Write("k", new DataEnvelope(new Own(7)));
        RoundTrip(write).ShouldBeOfType<Write>().Envelope.Data.ShouldBe(new Own(7));
        var fingerprints = new DataFingerprints(_system);
        fingerprints.Of(new Own(7)).ShouldBe(fingerprints.Of(new Own(7)));
        fingerprints.Of(new Own(7)).ShouldNotBe(fingerprints.Of(new Own(8)));
        fingerprints.Of(GSet.Create("a", "b", "c")).ShouldBe(fingerprints.Of(GSet.Create("c", "b", "a")));
    }

    [Fact]
    public void Value_that_can_not_be_written_or_read_is_left_out_of_its_message()
    {
        var good = new Copy("good", new DataEnvelope(Flag.True), true);
        var bad = new Copy("bad", new DataEnvelope(GSet.Create(new Version(1, 2))), true);
        RoundTrip(new Copies(Nodes.A, [bad, good], [])).ShouldBeOfType<Copies>().Entries.Single().Key.ShouldBe("good");

        var range = new DeltaRange("good", 1, 1, ORSet.Create(Nodes.A, "x").Delta!, 1);
        var unknown = new DeltaRange("bad", 1, 1, ORSet.Create(Nodes.A, new Version(1, 2)).Delta!, 1);
        RoundTrip(new DeltaPropagation(Nodes.A, false, [range, unknown])).ShouldBeOfType<DeltaPropagation>().Ranges.Single().Key.ShouldBe("good");

        // The name of the good value's type is one that the receiver doesn't have.
        var message = ReplicatorMessage.Parser.ParseFrom(_system.Serialization.Serialize(new Copies(Nodes.A, [good, good], [])));
        message.Names.Types_.Add("o\"No.Such, Thing\"");
        message.Envelopes[0].Data.Type = 1;
        var read = (Copies)_system.Serialization.Deserialize(Google.Protobuf.MessageExtensions.ToByteArray(message), 11, "G");
        read.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public void Names_of_types_are_read_as_they_are_written()
    {
        Type[] types =
        [
            typeof(ORSet<string>), typeof(LWWDictionary<long, Own>), typeof(ORDictionary<string, LWWRegister<IActorRef>>), typeof(PNCounter),
            typeof(ORDictionary<string, ORSet<Dictionary<string, Own>>>),
        ];
        foreach (var type in types)
            DataTypeNames.Parse(DataTypeNames.Of(type)).ShouldBe(type);
        DataTypeNames.Of(typeof(LWWDictionary<string, bool>)).ShouldBe("W(s,b)");
        foreach (var name in new[] { "", "S", "S(", "S(s", "S(s))", "S(s,s)", "?", "o", "o\"", "o\"No.Such, Thing\"" })
            Should.Throw<SerializationException>(() => DataTypeNames.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Bytes_are_what_they_have_always_been(string name, string bytes)
    {
        var sample = GoldenSamples()[name];
        Convert.ToHexString(_system.Serialization.Serialize(sample)).ShouldBe(bytes, name);
        var serializer = _system.Serialization.FindSerializerFor(sample);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, sample);
        Describe(_system.Serialization.Deserialize(Convert.FromHexString(bytes), serializer.Identifier, manifest)).ShouldBe(Describe(sample));
    }

    [Fact]
    public void All_messages_have_golden_bytes() =>
        GoldenSamples().Keys.ShouldBe(GoldenBytes.All.Select(static row => (string)row[0]), ignoreOrder: true);

    public static TheoryData<string, string> Golden => GoldenBytes.All;

    private static Dictionary<string, object> GoldenSamples()
    {
        var samples = new Dictionary<string, object>();
        foreach (var message in Messages())
            samples.TryAdd(message.GetType().Name, message);
        foreach (var data in Data())
            samples.TryAdd(DataTypeNames.Of(data.GetType()), data);
        foreach (var key in Keys())
            samples.TryAdd(key.GetType().Name.Split('`')[0], key);
        return samples;
    }

    private object RoundTrip(object o)
    {
        var serializer = _system.Serialization.FindSerializerFor(o);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, o);
        return _system.Serialization.Deserialize(serializer.ToBinary(o), serializer.Identifier, manifest);
    }

    /// <summary>All types of the runtime that implement an interface, and of which there is no sample.</summary>
    private static List<Type> Missing<T>(IEnumerable<object> samples)
    {
        var sampled = samples.Select(static sample => Shape(sample.GetType())).ToHashSet();
        return [.. typeof(Replica).Assembly.GetTypes()
            .Where(static type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(T)))
            .Where(type => !sampled.Contains(Shape(type)))];
    }

    private static Type Shape(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static List<object> Data()
    {
        var set = ORSet<string>.Empty.Add(Nodes.A, "x").ResetDelta().Add(Nodes.A, "a text that is long").Remove(Nodes.A, "x");
        var ahead = set.MergeDelta(ORSet<string>.Empty.Add(Nodes.B, "y").Add(Nodes.B, "z").ResetDelta().Add(Nodes.B, "z").Delta!);
        var numbers = ORSet<long>.Empty.Add(Nodes.A, 1L << 60).ResetDelta().Add(Nodes.B, 1L << 60);
        var both = ORSet<string>.Empty.Add(Nodes.A, "x").Merge(ORSet<string>.Empty.Add(Nodes.B, "x"));
        var words = LWWDictionary<string, string>.Empty.SetItem(Nodes.A, "k", "v", static (_, _) => 638_000_000_000_000_000);
        var bothWords = words.Merge(LWWDictionary<string, string>.Empty.SetItem(Nodes.B, "k", "w", static (_, _) => 638_000_000_000_000_007));
        return
        [
            set, ahead, numbers, both, words, bothWords, bothWords.SetItem(Nodes.C, "l", "", static (_, _) => -5).Remove(Nodes.C, "k"),
            ORDictionary<int, PNCounter>.Empty.SetItem(Nodes.A, 5, PNCounter.Empty.Increment(Nodes.B, 3).ResetDelta()),
            ORDictionary<int, ORSet<int>>.Empty.SetItem(Nodes.A, 5, ORSet.Create(Nodes.B, 3).ResetDelta()),
            PNCounter.Empty.Increment(Nodes.A, 3).Decrement(Nodes.B, 300), GCounter.Empty.Increment(Nodes.A, ulong.MaxValue),
            GSet.Create(7), GSet.Create(7).Add(8), Flag.True, Flag.False, new LWWRegister<int>(Nodes.A, 5, long.MinValue),
            VersionVector.Create(Nodes.A, 1).Increment(Nodes.B), VersionVector.Empty, DeletedData.Instance, ORSet<string>.Empty,
            LWWDictionary<string, bool>.Empty, GCounter.Empty,
        ];
    }

    private static List<object> Keys() =>
    [
        new ORSetKey<string>("k"), new LWWDictionaryKey<string, int>("k"), new ORDictionaryKey<string, PNCounter>("k"), new PNCounterKey("k"),
        new GCounterKey("k"), new GSetKey<int>("k"), new LWWRegisterKey<bool>("k"), new FlagKey("k"),
    ];

    private static List<object> Messages()
    {
        var set = ORSet<string>.Empty.Add(Nodes.A, "x").ResetDelta().Add(Nodes.B, "x");
        var range = new DeltaRange("key", 3, 5, set.Delta!, 1);
        var pruning = ImmutableDictionary<UniqueAddress, PruningState>.Empty
            .Add(Nodes.C, new PruningInitialized(Nodes.A, [Nodes.B, Nodes.D]))
            .Add(Nodes.D, new PruningPerformed(638_000_000_000_000_000, Nodes.B, 12));
        var envelope = new DataEnvelope(set.ResetDelta(), pruning, VersionVector.Create(Nodes.A, 7).Increment(Nodes.B));
        var key = new ORSetKey<string>("key");
        return
        [
            new Write("key", envelope), new Write("key", DataEnvelope.Deleted), new WriteAck(Nodes.A), new WriteNack(Nodes.A),
            new DeltaNack(Nodes.A), new Read("key"), new ReadResult(Nodes.A, envelope), new ReadResult(Nodes.A, null),
            new ReadResult(Nodes.A, DataEnvelope.Deleted), new DeltaPropagation(Nodes.A, true, [range]),
            new DeltaPropagation(Nodes.A, false, [range, range with { Key = "other", From = 1, To = 1 }]),
            new DeltaGaps(Nodes.A, [("key", 0), ("other", 99)]), new Summary(Nodes.A, ulong.MaxValue - 1),
            new Digests(Nodes.A, [new("key", 5, 6, envelope.DeltaVersions), new("other", 0, 0, VersionVector.Empty)], 1, 3),
            new Digests(Nodes.A, [new("key", 5, 0, envelope.DeltaVersions)], 0, 0), new Pull(Nodes.A, ["key", "other"], ["third"]),
            new Copies(Nodes.A, [new("key", envelope, true), new("other", DataEnvelope.Deleted, true)], ["rest"]),
            new Get(key, ReadLocal.Instance), new Get(key, new ReadFrom(3, TimeSpan.FromSeconds(1)), "request"),
            new Get(key, new ReadMajority(TimeSpan.FromSeconds(1), 4)), new Get(key, new ReadAll(TimeSpan.FromSeconds(1))),
            new GetSuccess(key, 5, set.ResetDelta()), new NotFound(key, "request"), new GetFailure(key, null),
            new Subscribe(key, ActorRefs.Nobody), new Unsubscribe(key, ActorRefs.Nobody), new Changed(key, set.ResetDelta()),
        ];
    }

    /// <summary>An object with all that is in it, as text.</summary>
    private static string Describe(object? o)
    {
        switch (o)
        {
            case null:
                return "null";
            case string or IActorRef or UniqueAddress or IKey:
                return $"{o.GetType().Name} {o}";
            case VersionVector vector:
                return string.Join(' ', vector.Nodes.ToArray().Order().Select(node => $"{node}:{vector.VersionAt(node)}"));
            case PruningInitialized initialized:
                return $"{initialized.Owner} {string.Join(' ', initialized.Seen.Order())}";
            case Dot dot:
                return $"{dot}";
            case IDictionary or IEnumerable when o is not IReplicatedData:
                return "[" + string.Join(", ", ((IEnumerable)o).Cast<object>().Select(Describe).Order(StringComparer.Ordinal)) + "]";
        }

        var type = o.GetType();
        if (type.IsPrimitive || type.Namespace == "System")
            return $"{o}";
        var text = new StringBuilder(type.ToString());
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (property.GetIndexParameters().Length == 0 && !property.Name.Contains('.') && !Derived(o).Contains(property.Name))
                text.Append($" {property.Name}={Describe(property.GetValue(o))}");
        }

        return text.ToString();
    }

    /// <summary>Properties that lead elsewhere, are made of the others, or are not sent.</summary>
    private static string[] Derived(object o) => o switch
    {
        LWWDictionary<string, string> or LWWDictionary<string, bool> or ORDictionary<int, PNCounter> or ORDictionary<int, ORSet<int>> =>
            ["Delta", "Entries", "Keys", "Values"],
        GSet<int> => ["Delta"],
        IReplicatedData => ["Delta", "Fingerprint", "Elements", "Zero", "Empty"],
        DataEnvelope => ["PruningFingerprint"],
        DeltaPropagation => ["Bytes", "EqualityContract"],
        _ when o.GetType().Name.StartsWith("Change`", StringComparison.Ordinal) => ["Dot", "EqualityContract"],
        _ when o.GetType().Name.StartsWith("CausalMap`", StringComparison.Ordinal) => ["Delta"],
        _ => ["EqualityContract"],
    };

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed record Own(int Value) : IReplicatedData<Own>
    {
        public Own Merge(Own other) => other.Value > Value ? other : this;

        IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((Own)other);
    }

    private sealed class OwnSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4711;

        public override string Manifest(object o) => "o";

        public override byte[] ToBinary(object obj) => [(byte)((Own)obj).Value];

        public override object FromBinary(byte[] bytes, string manifest) => new Own(bytes[0]);
    }
}
