using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Cluster;
using Akka.DistributedData.Causal;

namespace Akka.DistributedData.Wire;

/// <summary>Writes what sets and maps are made of.</summary>
internal sealed class CausalCodec<K, V, TJoin>
    where K : notnull
    where TJoin : IJoin<V>
{
    private readonly ElementCodec<K> _keys = ElementCodecs.For<K>();

    // The elements of a set have no values.
    private readonly ElementCodec<V>? _values = typeof(V) == typeof(Unit) ? null : ElementCodecs.For<V>();

    public void Write(CausalMap<K, V, TJoin> map, Data written, WireWriter writer)
    {
        written.Seen = writer.Versions(map.Seen.Vector);
        if (map.Seen.Ahead.Count > 0)
            written.Ahead = WriteDots(map.Seen.Ahead, writer);
        written.Keys = new Column();
        written.Dots = new Versions();
        if (_values is not null)
            written.Values = new Column();
        // Almost always each has one: then nothing need be said.
        var counts = map.Entries.Any(static entry => entry.Value.Count != 1);
        foreach (var (key, cell) in map.Entries)
        {
            _keys.Add(written.Keys, key, writer);
            if (counts)
                written.DotCounts.Add((uint)cell.Count);
            for (var i = 0; i < cell.Count; i++)
                WriteWrite(cell[i].Node, cell[i].Version, cell[i].Value, written, writer);
        }
    }

    public CausalMap<K, V, TJoin> Read(Data data, WireReader reader)
    {
        var keys = _keys.Read(data.Keys, reader);
        var writes = ReadWrites(data, reader);
        var entries = ImmutableDictionary.CreateBuilder<K, Cell<V>>();
        var next = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            var count = data.DotCounts.Count == 0 ? 1 : (int)data.DotCounts[i];
            entries[keys[i]] = Cell<V>.Of<TJoin>(Slice(writes, ref next, count));
        }

        var seen = CausalContext.Of(reader.Versions(data.Seen), ReadDots(data.Ahead, reader));
        return CausalMap<K, V, TJoin>.Of(entries.ToImmutable(), seen);
    }

    public void Write(CausalDelta<K, V> delta, Data written, WireWriter writer)
    {
        written.Keys = new Column();
        written.Dots = new Versions();
        written.Covered = new Versions();
        if (_values is not null)
            written.Values = new Column();
        var removes = delta.Changes.Any(static change => change.IsRemoval);
        foreach (var change in delta.Changes)
        {
            _keys.Add(written.Keys, change.Key, writer);
            if (removes)
                written.DotCounts.Add(change.IsRemoval ? 0u : 1u);
            if (!change.IsRemoval)
                WriteWrite(change.Node!, change.Version, change.Value, written, writer);
            written.CoveredCounts.Add((uint)change.Covered.Length);
            foreach (var dot in change.Covered)
                writer.Add(written.Covered, dot.Node, dot.Version);
        }
    }

    public CausalDelta<K, V> ReadDelta(Data data, WireReader reader)
    {
        var keys = _keys.Read(data.Keys, reader);
        var writes = ReadWrites(data, reader);
        var covered = ReadDots(data.Covered, reader);
        var changes = new Change<K, V>[keys.Length];
        var (nextWrite, nextCovered) = (0, 0);
        for (var i = 0; i < keys.Length; i++)
        {
            var isRemoval = data.DotCounts.Count > 0 && data.DotCounts[i] == 0;
            var write = isRemoval ? default : Slice(writes, ref nextWrite, 1)[0];
            var covers = Slice(covered, ref nextCovered, (int)data.CoveredCounts[i]);
            changes[i] = new(keys[i], write.Node, write.Version, write.Value, covers.ToArray());
        }

        return new(changes);
    }

    private static Versions WriteDots(IEnumerable<Dot> dots, WireWriter writer)
    {
        var written = new Versions();
        foreach (var dot in dots)
            writer.Add(written, dot.Node, dot.Version);
        return written;
    }

    private static Dot[] ReadDots(Versions? dots, WireReader reader)
    {
        var read = new Dot[dots?.Nodes.Count ?? 0];
        for (var i = 0; i < read.Length; i++)
            read[i] = new(reader.NodeAt(dots!.Nodes[i]), (long)dots.Numbers[i]);
        return read;
    }

    private static ReadOnlySpan<T> Slice<T>(T[] all, ref int next, int count)
    {
        if (next + count > all.Length)
            throw new SerializationException("A column is too short");
        next += count;
        return all.AsSpan(next - count, count);
    }

    private void WriteWrite(UniqueAddress node, long version, V value, Data written, WireWriter writer)
    {
        writer.Add(written.Dots, node, version);
        _values?.Add(written.Values, value, writer);
    }

    private Write<V>[] ReadWrites(Data data, WireReader reader)
    {
        var count = data.Dots?.Nodes.Count ?? 0;
        var values = _values?.Read(data.Values, reader);
        if (values is not null && values.Length != count)
            throw new SerializationException("There is not one value for each write");
        var writes = new Write<V>[count];
        for (var i = 0; i < count; i++)
            writes[i] = new(reader.NodeAt(data.Dots!.Nodes[i]), (long)data.Dots.Numbers[i], values is null ? default! : values[i]);
        return writes;
    }
}

internal sealed class ORSetCodec<T> : DataCodec
    where T : notnull
{
    private readonly CausalCodec<T, Unit, Unit> _codec = new();

    public override Type Type => typeof(ORSet<T>);

    public override void Write(IReplicatedData data, Data written, WireWriter writer) => _codec.Write(((ORSet<T>)data).Map, written, writer);

    public override IReplicatedData Read(Data data, WireReader reader) => new ORSet<T>(_codec.Read(data, reader));

    public override IKey KeyOf(string id) => new ORSetKey<T>(id);
}

internal sealed class ORSetDeltaCodec<T> : DataCodec
    where T : notnull
{
    private readonly CausalCodec<T, Unit, Unit> _codec = new();

    public override Type Type => typeof(ORSet<T>.DeltaOperation);

    public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
        _codec.Write(((ORSet<T>.DeltaOperation)data).Changes, written, writer);

    public override IReplicatedData Read(Data data, WireReader reader) => new ORSet<T>.DeltaOperation(_codec.ReadDelta(data, reader));

    public override IKey KeyOf(string id) => new PlainKey(id);
}

internal sealed class ORDictionaryCodec<K, V> : DataCodec
    where K : notnull
    where V : IReplicatedData<V>
{
    private readonly CausalCodec<K, V, ORDictionary<K, V>.Joined> _codec = new();

    public override Type Type => typeof(ORDictionary<K, V>);

    public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
        _codec.Write(((ORDictionary<K, V>)data).Map, written, writer);

    public override IReplicatedData Read(Data data, WireReader reader) => new ORDictionary<K, V>(_codec.Read(data, reader));

    public override IKey KeyOf(string id) => new ORDictionaryKey<K, V>(id);
}

internal sealed class ORDictionaryDeltaCodec<K, V> : DataCodec
    where K : notnull
    where V : IReplicatedData<V>
{
    private readonly CausalCodec<K, V, ORDictionary<K, V>.Joined> _codec = new();

    public override Type Type => typeof(ORDictionary<K, V>.DeltaOperation);

    public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
        _codec.Write(((ORDictionary<K, V>.DeltaOperation)data).Changes, written, writer);

    public override IReplicatedData Read(Data data, WireReader reader) => new ORDictionary<K, V>.DeltaOperation(_codec.ReadDelta(data, reader));

    public override IKey KeyOf(string id) => new PlainKey(id);
}

internal sealed class LWWDictionaryCodec<K, V> : DataCodec
    where K : notnull
{
    private readonly ORDictionaryCodec<K, LWWRegister<V>> _codec = new();

    public override Type Type => typeof(LWWDictionary<K, V>);

    public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
        _codec.Write(((LWWDictionary<K, V>)data).Underlying, written, writer);

    public override IReplicatedData Read(Data data, WireReader reader) =>
        new LWWDictionary<K, V>((ORDictionary<K, LWWRegister<V>>)_codec.Read(data, reader));

    public override IKey KeyOf(string id) => new LWWDictionaryKey<K, V>(id);
}

internal sealed class LWWDictionaryDeltaCodec<K, V> : DataCodec
    where K : notnull
{
    private readonly ORDictionaryDeltaCodec<K, LWWRegister<V>> _codec = new();

    public override Type Type => typeof(LWWDictionary<K, V>.DeltaOperation);

    public override void Write(IReplicatedData data, Data written, WireWriter writer) =>
        _codec.Write(((LWWDictionary<K, V>.DeltaOperation)data).Underlying, written, writer);

    public override IReplicatedData Read(Data data, WireReader reader) =>
        new LWWDictionary<K, V>.DeltaOperation((ORDictionary<K, LWWRegister<V>>.DeltaOperation)_codec.Read(data, reader));

    public override IKey KeyOf(string id) => new PlainKey(id);
}
