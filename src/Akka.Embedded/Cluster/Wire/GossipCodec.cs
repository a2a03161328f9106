using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Cluster.Wire;

/// <summary>Turns nodes and gossip into what is on the wire, and back.</summary>
/// <param name="own">Any address of the cluster: all have the same protocol and system name.</param>
internal sealed class GossipCodec(Address own)
{
    public WireNode ToWire(UniqueAddress node) => new() { Host = node.Address.Host ?? "", Port = (uint)(node.Address.Port ?? 0), Uid = node.Uid };

    public UniqueAddress FromWire(WireNode node) => new(AddressOf(node), node.Uid);

    public Address AddressOf(WireNode node) => new(own.Protocol, own.System, node.Host, (int)node.Port);

    public WireGossip ToWire(Gossip gossip)
    {
        var wire = new WireGossip { ForgottenBefore = gossip.ForgottenBefore };
        var nodes = new Dictionary<UniqueAddress, uint>();
        var roles = new Dictionary<string, uint>();
        foreach (var member in gossip.Members.Values)
        {
            wire.Members.Add(new WireMember
            {
                Node = Place(member.UniqueAddress),
                Status = (uint)member.Status,
                UpNumber = member.UpNumber == Member.NoUpNumber ? 0 : (uint)member.UpNumber,
                Roles = { member.Roles.Order(StringComparer.Ordinal).Select(PlaceOfRole) },
            });
        }

        foreach (var (observer, row) in gossip.Reachability.Rows)
        {
            wire.Reachability.Add(new WireReachability
            {
                Observer = Place(observer),
                Version = (ulong)row.Version,
                Silent = { row.Subjects.Where(static s => s.Value == Unreachability.Silent).Select(s => Place(s.Key)) },
                Terminated = { row.Subjects.Where(static s => s.Value == Unreachability.Terminated).Select(s => Place(s.Key)) },
            });
        }

        wire.Seen.Add(gossip.Seen.Select(Place));
        wire.Tombstones.Add(gossip.Tombstones.Select(tombstone => new WireTombstone { Node = Place(tombstone.Key), Time = tombstone.Value }));
        foreach (var entry in gossip.Version.Entries)
            wire.Version.Add(new WireCount { Node = Place(entry.Node), Count = (ulong)entry.Count });
        return wire;

        uint Place(UniqueAddress node)
        {
            if (nodes.TryGetValue(node, out var place))
                return place;
            place = (uint)nodes.Count;
            nodes.Add(node, place);
            wire.Nodes.Add(ToWire(node));
            return place;
        }

        uint PlaceOfRole(string role)
        {
            if (roles.TryGetValue(role, out var place))
                return place;
            place = (uint)roles.Count;
            roles.Add(role, place);
            wire.Roles.Add(role);
            return place;
        }
    }

    /// <exception cref="SerializationException">It names a node, a role or a status that there is not.</exception>
    public Gossip FromWire(WireGossip wire)
    {
        UniqueAddress[] nodes = [.. wire.Nodes.Select(FromWire)];
        return new Gossip(
            wire.Members.Select(member => FromWire(member, nodes, wire.Roles)).ToImmutableSortedDictionary(static m => m.UniqueAddress, static m => m),
            Reachability.From(wire.Reachability.Select(row => KeyValuePair.Create(At(nodes, row.Observer), FromWire(row, nodes)))),
            [.. wire.Seen.Select(place => At(nodes, place))],
            wire.Tombstones.ToImmutableSortedDictionary(tombstone => At(nodes, tombstone.Node), static tombstone => tombstone.Time),
            wire.ForgottenBefore,
            VectorClock.From(wire.Version.Select(entry => new VectorClock.Entry(At(nodes, entry.Node), (long)entry.Count))));
    }

    private static Member FromWire(WireMember member, UniqueAddress[] nodes, IReadOnlyList<string> roles)
    {
        var status = (MemberStatus)member.Status;
        if (!Enum.IsDefined(status))
            throw new SerializationException($"{member.Status} is no status of a member");
        return new Member(
            At(nodes, member.Node),
            status,
            [.. member.Roles.Select(place => At(roles, place))],
            member.UpNumber == 0 ? Member.NoUpNumber : (int)member.UpNumber);
    }

    private static Reachability.Row FromWire(WireReachability row, UniqueAddress[] nodes) => new((long)row.Version,
        row.Silent.Select(place => KeyValuePair.Create(At(nodes, place), Unreachability.Silent))
            .Concat(row.Terminated.Select(place => KeyValuePair.Create(At(nodes, place), Unreachability.Terminated)))
            .ToImmutableSortedDictionary());

    private static T At<T>(IReadOnlyList<T> list, uint place) =>
        place < list.Count ? list[(int)place] : throw new SerializationException($"There is no entry {place} of {list.Count}");
}
