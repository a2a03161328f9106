using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Cluster;
using Akka.DistributedData.Replication;

namespace Akka.DistributedData.Wire;

/// <summary>Writes data of one type, or changes of it, into a message, and reads it.</summary>
internal abstract class DataCodec
{
    private static readonly ConcurrentDictionary<Type, DataCodec> ByType = new();

    /// <summary>The type that the message tells.</summary>
    public abstract Type Type { get; }

    public static DataCodec For(Type type) => ByType.GetOrAdd(type, static type => Create(type));

    public abstract void Write(IReplicatedData data, Data written, WireWriter writer);

    public abstract IReplicatedData Read(Data data, WireReader reader);

    /// <summary>A key of such data.</summary>
    public abstract IKey KeyOf(string id);

    /// <summary>For data that has no fingerprint of its own; null if it has to be made of all its bytes.</summary>
    public virtual ulong? FingerprintOf(IReplicatedData data, WireWriter writer) => null;

    private static DataCodec Create(Type type)
    {
        if (type == typeof(Flag))
            return new FlagCodec();
        if (type == typeof(GCounter))
            return new GCounterCodec();
        if (type == typeof(PNCounter))
            return new PNCounterCodec();
        if (type == typeof(VersionVector))
            return new VersionVectorCodec();
        if (type == typeof(DeletedData))
            return new DeletedDataCodec();
        var shape = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var codec = shape == typeof(ORSet<>) ? typeof(ORSetCodec<>)
            : shape == typeof(ORSet<>.DeltaOperation) ? typeof(ORSetDeltaCodec<>)
            : shape == typeof(ORDictionary<,>) ? typeof(ORDictionaryCodec<,>)
            : shape == typeof(ORDictionary<,>.DeltaOperation) ? typeof(ORDictionaryDeltaCodec<,>)
            : shape == typeof(LWWDictionary<,>) ? typeof(LWWDictionaryCodec<,>)
            : shape == typeof(LWWDictionary<,>.DeltaOperation) ? typeof(LWWDictionaryDeltaCodec<,>)
            : shape == typeof(GSet<>) ? typeof(GSetCodec<>)
            : shape == typeof(LWWRegister<>) ? typeof(LWWRegisterCodec<>)
            : null;
        return codec is null
            ? new ForeignDataCodec(type)
            : (DataCodec)Activator.CreateInstance(codec.MakeGenericType(type.GetGenericArguments()))!;
    }

    private sealed class FlagCodec : DataCodec
    {
        public override Type Type => typeof(Flag);

        public override void Write(IReplicatedData data, Data written, WireWriter writer) => written.Flag = ((Flag)data).Enabled;

        public override IReplicatedData Read(Data data, WireReader reader) => data.Flag ? Flag.True : Flag.False;

        public override IKey KeyOf(string id) => new FlagKey(id);
    }

    private sealed class GCounterCodec : DataCodec
    {
        public override Type Type => typeof(GCounter);

        public static Versions Write(GCounter counter, WireWriter writer)
        {
            var counts = new Versions();
            foreach (var (node, count) in counter.State.OrderBy(static count => count.Key))
                writer.Add(counts, node, (long)count);
            return counts;
        }

        public static GCounter Read(Versions? counts, WireReader reader)
        {
            var state = System.Collections.Immutable.ImmutableDictionary.CreateBuilder<UniqueAddress, ulong>();
            for (var i = 0; i < (counts?.Nodes.Count ?? 0); i++)
                state[reader.NodeAt(counts!.Nodes[i])] = counts.Numbers[i];
            return state.Count == 0 ? GCounter.Empty : new GCounter(state.ToImmutable());
        }

        public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
            written.Increments = Write((GCounter)data, writer);

        public override IReplicatedData Read(Data data, WireReader reader) => Read(data.Increments, reader);

        public override IKey KeyOf(string id) => new GCounterKey(id);
    }

    private sealed class PNCounterCodec : DataCodec
    {
        public override Type Type => typeof(PNCounter);

        public override void Write(IReplicatedData data, Data written, WireWriter writer)
        {
            var counter = (PNCounter)data;
            written.Increments = GCounterCodec.Write(counter.Increments, writer);
            written.Decrements = GCounterCodec.Write(counter.Decrements, writer);
        }

        public override IReplicatedData Read(Data data, WireReader reader) =>
            new PNCounter(GCounterCodec.Read(data.Increments, reader), GCounterCodec.Read(data.Decrements, reader));

        public override IKey KeyOf(string id) => new PNCounterKey(id);
    }

    private sealed class VersionVectorCodec : DataCodec
    {
        public override Type Type => typeof(VersionVector);

        public override void Write(IReplicatedData data, Data written, WireWriter writer) => written.Seen = writer.Versions((VersionVector)data);

        public override IReplicatedData Read(Data data, WireReader reader) => reader.Versions(data.Seen);

        public override IKey KeyOf(string id) => new PlainKey(id);
    }

    private sealed class DeletedDataCodec : DataCodec
    {
        public override Type Type => typeof(DeletedData);

        public override void Write(IReplicatedData data, Data written, WireWriter writer)
        {
        }

        public override IReplicatedData Read(Data data, WireReader reader) => DeletedData.Instance;

        public override IKey KeyOf(string id) => new PlainKey(id);
    }

    /// <summary>Of the application's own types.</summary>
    private sealed class ForeignDataCodec(Type type) : DataCodec
    {
        public override Type Type => type;

        public override void Write(IReplicatedData data, Data written, WireWriter writer) => written.Foreign = writer.Foreign(data);

        public override IReplicatedData Read(Data data, WireReader reader) => (IReplicatedData?)reader.Foreign(data.Foreign)
            ?? throw new SerializationException($"There is nothing where a {type} should be");

        public override IKey KeyOf(string id) => new PlainKey(id);
    }

    private sealed class GSetCodec<T> : DataCodec
    {
        private readonly ElementCodec<T> _elements = ElementCodecs.For<T>();

        public override Type Type => typeof(GSet<T>);

        public override void Write(IReplicatedData data, Data written, WireWriter writer)
        {
            written.Keys = new Column();
            foreach (var element in ((GSet<T>)data).Elements)
                _elements.Add(written.Keys, element, writer);
        }

        public override IReplicatedData Read(Data data, WireReader reader) =>
            new GSet<T>(System.Collections.Immutable.ImmutableHashSet.Create(_elements.Read(data.Keys, reader)));

        public override IKey KeyOf(string id) => new GSetKey<T>(id);

        public override ulong? FingerprintOf(IReplicatedData data, WireWriter writer)
        {
            var sum = 1UL;
            foreach (var element in ((GSet<T>)data).Elements)
            {
                var column = new Column();
                _elements.Add(column, element, writer);
                sum += Fingerprints.Of(Google.Protobuf.MessageExtensions.ToByteArray(column));
            }

            return sum;
        }
    }

    private sealed class LWWRegisterCodec<T> : DataCodec
    {
        private readonly ElementCodec<LWWRegister<T>> _registers = ElementCodecs.For<LWWRegister<T>>();

        public override Type Type => typeof(LWWRegister<T>);

        public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
            _registers.Add(written.Values = new Column(), (LWWRegister<T>)data, writer);

        public override IReplicatedData Read(Data data, WireReader reader) => _registers.Read(data.Values, reader).Single();

        public override IKey KeyOf(string id) => new LWWRegisterKey<T>(id);
    }
}
