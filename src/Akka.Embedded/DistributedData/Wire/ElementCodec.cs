using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Google.Protobuf;

namespace Akka.DistributedData.Wire;

/// <summary>Writes values of a type into a column, and reads them.</summary>
internal abstract class ElementCodec<T>
{
    public abstract void Add(Column column, T value, WireWriter writer);

    /// <summary>All values of the column, in order.</summary>
    public abstract T[] Read(Column? column, WireReader reader);
}

/// <summary>The codecs of the types that elements, keys and values may have.</summary>
internal static class ElementCodecs
{
    private static readonly ConcurrentDictionary<Type, object> ByType = new();

    public static ElementCodec<T> For<T>() => (ElementCodec<T>)ByType.GetOrAdd(typeof(T), static type => Create(type));

    private static object Create(Type type)
    {
        if (type == typeof(string))
            return new TextCodec();
        if (type == typeof(int))
            return new IntCodec();
        if (type == typeof(long))
            return new LongCodec();
        if (type == typeof(bool))
            return new BoolCodec();
        if (type == typeof(double))
            return new DoubleCodec();
        if (type == typeof(byte[]))
            return new BlobCodec();
        var codec = type.IsAssignableTo(typeof(IActorRef)) ? typeof(ActorRefCodec<>).MakeGenericType(type)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(LWWRegister<>)
                ? typeof(RegisterCodec<>).MakeGenericType(type.GetGenericArguments())
            : type.IsAssignableTo(typeof(IReplicatedData)) ? typeof(NestedDataCodec<>).MakeGenericType(type)
            : typeof(ForeignCodec<>).MakeGenericType(type);
        return Activator.CreateInstance(codec)!;
    }

    private sealed class TextCodec : ElementCodec<string>
    {
        public override void Add(Column column, string value, WireWriter writer) => column.Texts.Add(value);

        public override string[] Read(Column? column, WireReader reader) => [.. column?.Texts ?? []];
    }

    private sealed class IntCodec : ElementCodec<int>
    {
        public override void Add(Column column, int value, WireWriter writer) => column.Ints.Add(value);

        public override int[] Read(Column? column, WireReader reader) => [.. column?.Ints ?? []];
    }

    private sealed class LongCodec : ElementCodec<long>
    {
        public override void Add(Column column, long value, WireWriter writer) => column.Longs.Add(value);

        public override long[] Read(Column? column, WireReader reader) => [.. column?.Longs ?? []];
    }

    private sealed class BoolCodec : ElementCodec<bool>
    {
        public override void Add(Column column, bool value, WireWriter writer) => column.Flags.Add(value);

        public override bool[] Read(Column? column, WireReader reader) => [.. column?.Flags ?? []];
    }

    private sealed class DoubleCodec : ElementCodec<double>
    {
        public override void Add(Column column, double value, WireWriter writer) => column.Doubles.Add(value);

        public override double[] Read(Column? column, WireReader reader) => [.. column?.Doubles ?? []];
    }

    private sealed class BlobCodec : ElementCodec<byte[]>
    {
        public override void Add(Column column, byte[] value, WireWriter writer) => column.Blobs.Add(ByteString.CopyFrom(value));

        public override byte[][] Read(Column? column, WireReader reader) => [.. (column?.Blobs ?? []).Select(static blob => blob.ToByteArray())];
    }

    private sealed class ActorRefCodec<T> : ElementCodec<T>
        where T : IActorRef
    {
        public override void Add(Column column, T value, WireWriter writer) =>
            column.Texts.Add(Akka.Serialization.Serialization.SerializedActorPath(value));

        public override T[] Read(Column? column, WireReader reader) =>
            [.. (column?.Texts ?? []).Select(path => (T)reader.Provider.ResolveActorRef(path))];
    }

    private sealed class NestedDataCodec<T> : ElementCodec<T>
        where T : IReplicatedData
    {
        public override void Add(Column column, T value, WireWriter writer) => column.Data.Add(writer.Data(value));

        public override T[] Read(Column? column, WireReader reader) => [.. (column?.Data ?? []).Select(data => (T)reader.Data(data))];
    }

    private sealed class ForeignCodec<T> : ElementCodec<T>
    {
        public override void Add(Column column, T value, WireWriter writer) => column.Foreign.Add(writer.Foreign(value));

        public override T[] Read(Column? column, WireReader reader) =>
            [.. (column?.Foreign ?? []).Select(foreign => (T)reader.Foreign(foreign)!)];
    }

    private sealed class RegisterCodec<T> : ElementCodec<LWWRegister<T>>
    {
        private readonly ElementCodec<T> _values = For<T>();

        public override void Add(Column column, LWWRegister<T> value, WireWriter writer)
        {
            var registers = column.Registers ??= new Registers { Values = new Column() };
            _values.Add(registers.Values, value.Value, writer);
            registers.Times.Add(registers.Times.Count == 0 ? value.Timestamp : value.Timestamp - registers.Times[0]);
            registers.Nodes.Add(writer.IndexOf(value.UpdatedBy));
        }

        public override LWWRegister<T>[] Read(Column? column, WireReader reader)
        {
            if (column?.Registers is not { } registers)
                return [];
            var values = _values.Read(registers.Values, reader);
            if (values.Length != registers.Times.Count || values.Length != registers.Nodes.Count)
                throw new SerializationException("Registers have columns of different lengths");
            var read = new LWWRegister<T>[values.Length];
            for (var i = 0; i < read.Length; i++)
            {
                var time = i == 0 ? registers.Times[0] : registers.Times[0] + registers.Times[i];
                read[i] = new(reader.NodeAt(registers.Nodes[i]), values[i], time);
            }

            return read;
        }
    }
}
