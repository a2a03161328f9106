using Akka.Actor;
using Akka.Cluster;
using Google.Protobuf;

namespace Akka.DistributedData.Wire;

/// <summary>Collects the names of one message while it is written.</summary>
internal sealed class WireWriter(ActorSystem system)
{
    private readonly Dictionary<UniqueAddress, uint> _nodes = [];
    private readonly Dictionary<string, uint> _types = [];
    private readonly Dictionary<string, uint> _manifests = [];
    private UniqueAddress? _lastNode;
    private uint _lastIndex;

    public Names Names { get; } = new();

    public uint IndexOf(UniqueAddress node)
    {
        if (ReferenceEquals(node, _lastNode))
            return _lastIndex;
        if (!_nodes.TryGetValue(node, out var index))
        {
            _nodes[node] = index = (uint)Names.Nodes.Count;
            var address = node.Address;
            Names.Nodes.Add(new Node
            {
                Protocol = address.Protocol == "akka.tcp" ? "" : address.Protocol,
                System = address.System,
                Host = address.Host ?? "",
                Port = (uint)(address.Port ?? 0),
                Uid = node.Uid,
            });
        }

        (_lastNode, _lastIndex) = (node, index);
        return index;
    }

    public uint IndexOf(Type type) => IndexOf(DataTypeNames.Of(type), _types, Names.Types_);

    public Data Data(IReplicatedData data)
    {
        var codec = DataCodec.For(data.GetType());
        var written = new Data { Type = IndexOf(codec.Type) };
        codec.Write(data, written, this);
        return written;
    }

    public Versions Versions(VersionVector vector)
    {
        var versions = new Versions();
        for (var i = 0; i < vector.Count; i++)
            Add(versions, vector.Nodes[i], vector.Versions[i]);
        return versions;
    }

    public void Add(Versions versions, UniqueAddress node, long number)
    {
        versions.Nodes.Add(IndexOf(node));
        versions.Numbers.Add((ulong)number);
    }

    /// <summary>An object in the form that its own serializer gives it.</summary>
    public Foreign Foreign(object? value)
    {
        if (value is null)
            return new Foreign();
        var serializer = system.Serialization.FindSerializerFor(value);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, value);
        return new Foreign
        {
            Serializer = serializer.Identifier,
            Manifest = IndexOf(manifest, _manifests, Names.Manifests),
            Payload = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(value)),
        };
    }

    private static uint IndexOf(string name, Dictionary<string, uint> known, Google.Protobuf.Collections.RepeatedField<string> names)
    {
        if (!known.TryGetValue(name, out var index))
        {
            known[name] = index = (uint)names.Count;
            names.Add(name);
        }

        return index;
    }
}
