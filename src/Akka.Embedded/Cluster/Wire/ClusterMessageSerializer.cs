using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Wire;

/// <summary>Turns what the cluster daemons say to each other into bytes and back. The manifests are in <c>cluster.proto</c>.</summary>
internal sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private GossipCodec? _codec;

    public override int Identifier => 5;

    private GossipCodec Codec => _codec ??= new GossipCodec(system.Provider.DefaultAddress);

    public override string Manifest(object o) => o switch
    {
        InitJoin => "IJ",
        InitJoinAck => "IA",
        InitJoinNack => "IN",
        Join => "J",
        Welcome => "W",
        GossipEnvelope => "G",
        GossipStatus => "S",
        ExitingConfirmed => "EC",
        YouAreRemoved => "R",
        Heartbeat => "H",
        HeartbeatResponse => "A",
        _ => throw Unknown(o),
    };

    public override byte[] ToBinary(object obj)
    {
        IMessage wire = obj switch
        {
            InitJoin m => new WireInitJoin { From = Codec.ToWire(m.From), Terms = ToWire(m.Terms) },
            InitJoinAck m => new WireInitJoinAck { From = ToWire(m.From), Size = (uint)m.Size, First = ToWire(m.First) },
            InitJoinNack m => new WireInitJoinNack { From = ToWire(m.From), Mismatch = m.Mismatch },
            Join m => new WireJoin { Node = Codec.ToWire(m.Node), Roles = { m.Roles.Order(StringComparer.Ordinal) }, Terms = ToWire(m.Terms) },
            Welcome m => new WireWelcome { From = Codec.ToWire(m.From), Gossip = Codec.ToWire(m.Gossip) },
            GossipEnvelope m => new WireGossipEnvelope
            {
                From = Codec.ToWire(m.From),
                To = Codec.ToWire(m.To),
                Gossip = Codec.ToWire(m.Gossip),
            },
            GossipStatus m => new WireGossipStatus
            {
                From = Codec.ToWire(m.From),
                To = Codec.ToWire(m.To),
                Version = m.Version,
                Seen = m.Seen,
            },
            ExitingConfirmed m => new WireExitingConfirmed { Node = Codec.ToWire(m.Node) },
            YouAreRemoved m => new WireYouAreRemoved { From = Codec.ToWire(m.From), To = Codec.ToWire(m.To) },
            Heartbeat m => new WireHeartbeat { From = Codec.ToWire(m.From) },
            HeartbeatResponse m => new WireHeartbeatResponse { From = Codec.ToWire(m.From) },
            _ => throw Unknown(obj),
        };
        return wire.ToByteArray();
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "IJ" => From(WireInitJoin.Parser.ParseFrom(bytes)),
        "IA" => From(WireInitJoinAck.Parser.ParseFrom(bytes)),
        "IN" => From(WireInitJoinNack.Parser.ParseFrom(bytes)),
        "J" => From(WireJoin.Parser.ParseFrom(bytes)),
        "W" => From(WireWelcome.Parser.ParseFrom(bytes)),
        "G" => From(WireGossipEnvelope.Parser.ParseFrom(bytes)),
        "S" => From(WireGossipStatus.Parser.ParseFrom(bytes)),
        "EC" => new ExitingConfirmed(Codec.FromWire(WireExitingConfirmed.Parser.ParseFrom(bytes).Node)),
        "R" => From(WireYouAreRemoved.Parser.ParseFrom(bytes)),
        "H" => new Heartbeat(Codec.FromWire(WireHeartbeat.Parser.ParseFrom(bytes).From)),
        "A" => new HeartbeatResponse(Codec.FromWire(WireHeartbeatResponse.Parser.ParseFrom(bytes).From)),
        _ => throw new SerializationException($"There is no cluster message with manifest [{manifest}]"),
    };

    private InitJoin From(WireInitJoin m) => new(Codec.FromWire(m.From), From(m.Terms));

    private InitJoinAck From(WireInitJoinAck m) => new(Codec.AddressOf(m.From), (int)m.Size, Codec.AddressOf(m.First));

    private InitJoinNack From(WireInitJoinNack m) => new(Codec.AddressOf(m.From), m.Mismatch);

    private Join From(WireJoin m) => new(Codec.FromWire(m.Node), [.. m.Roles], From(m.Terms));

    private Welcome From(WireWelcome m) => new(Codec.FromWire(m.From), Codec.FromWire(m.Gossip));

    private GossipEnvelope From(WireGossipEnvelope m) => new(Codec.FromWire(m.From), Codec.FromWire(m.To), Codec.FromWire(m.Gossip));

    private GossipStatus From(WireGossipStatus m) => new(Codec.FromWire(m.From), Codec.FromWire(m.To), m.Version, m.Seen);

    private YouAreRemoved From(WireYouAreRemoved m) => new(Codec.FromWire(m.From), Codec.FromWire(m.To));

    private static JoinTerms From(WireTerms m) =>
        new((int)m.Protocol, (int)m.OldestProtocol, m.Downing) { Same = ImmutableSortedDictionary<string, string>.Empty.AddRange(m.Same) };

    private WireNode ToWire(Address address) => Codec.ToWire(new UniqueAddress(address, 0));

    private static WireTerms ToWire(JoinTerms terms) =>
        new() { Protocol = (uint)terms.Protocol, OldestProtocol = (uint)terms.OldestProtocol, Downing = terms.Downing, Same = { terms.Same } };

    private static ArgumentException Unknown(object message) => new($"{message.GetType()} is no message of the cluster");
}

/// <summary>What a system that others can reach needs for its membership.</summary>
internal static class ClusterSerializers
{
    public static SerializerDetails[] Create(ExtendedActorSystem system) =>
        [SerializerDetails.Create("akka-cluster", new ClusterMessageSerializer(system), [typeof(IClusterMessage)])];
}
