using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData.Wire;

/// <summary>Knows the names of one message while it is read.</summary>
internal sealed class WireReader
{
    private const int MaxRemembered = 10_000;

    // Every entry of a set refers to a node: all of them refer to one object.
    private static readonly ConcurrentDictionary<UniqueAddress, UniqueAddress> Known = new();

    private readonly ActorSystem _system;
    private readonly Names _names;
    private readonly UniqueAddress[] _nodes;

    public WireReader(ActorSystem system, Names? names)
    {
        _system = system;
        _names = names ?? new Names();
        _nodes = [.. _names.Nodes.Select(NodeOf)];
    }

    public IActorRefProvider Provider => ((ExtendedActorSystem)_system).Provider;

    public UniqueAddress NodeAt(uint index) => _nodes[index];

    public Type TypeAt(uint index) => DataTypeNames.Parse(_names.Types_[(int)index]);

    public IReplicatedData Data(Data data) => DataCodec.For(TypeAt(data.Type)).Read(data, this);

    public VersionVector Versions(Versions? versions)
    {
        if (versions is null || versions.Nodes.Count == 0)
            return VersionVector.Empty;
        var nodes = new UniqueAddress[versions.Nodes.Count];
        var numbers = new long[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
            (nodes[i], numbers[i]) = (NodeAt(versions.Nodes[i]), (long)versions.Numbers[i]);
        return VersionVector.Of(nodes, numbers);
    }

    public object? Foreign(Foreign? foreign) =>
        foreign is null or { Serializer: 0, Payload.IsEmpty: true }
            ? null
            : _system.Serialization.Deserialize(foreign.Payload.ToByteArray(), foreign.Serializer, _names.Manifests[(int)foreign.Manifest]);

    private static UniqueAddress NodeOf(Node node)
    {
        var address = new Address(
            node.Protocol.Length == 0 ? "akka.tcp" : node.Protocol,
            node.System,
            node.Host.Length == 0 ? null : node.Host,
            node.Host.Length == 0 ? null : (int)node.Port);
        var read = new UniqueAddress(address, node.Uid);
        if (Known.TryGetValue(read, out var known))
            return known;
        if (Known.Count >= MaxRemembered)
            Known.Clear();
        return Known.GetOrAdd(read, read);
    }
}
