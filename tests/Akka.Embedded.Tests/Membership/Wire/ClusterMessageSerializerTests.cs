using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Wire;
using Akka.Remote;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Wire;

public sealed class ClusterMessageSerializerTests
{
    private static readonly JoinTerms Terms = new(1, 1, "keep-majority");

    /// <summary>One of each, with what it is as bytes. The bytes of a message that has been on the wire never change.</summary>
    private static readonly (IClusterMessage Message, string Bytes)[] Messages =
    [
        (new InitJoin(Node('a'), Terms), "IJ 0a0b0a016110f8131d010000001213080110011a0d6b6565702d6d616a6f72697479"),
        (new InitJoinAck(Address('b'), 3, Address('a')), "IA 0a060a016210f81310031a060a016110f813"),
        (new InitJoinNack(Address('a'), "no"), "IN 0a060a016110f81312026e6f"),
        (new Akka.Cluster.Join(Node('b', -2), ["chat", "push"], Terms),
            "J 0a0b0a016210f8131dfeffffff1204636861741204707573681a13080110011a0d6b6565702d6d616a6f72697479"),
        (new Welcome(Node('a'), Everything),
            "W 0a0b0a016110f8131d0100000012c9010a0b0a016110f8131d010000000a0b0a016210f8131d010000000a0b0a016310f8131d010000"
            + "000a0b0a016410f8131d010000000a0b0a016510f8131d010000000a0b0a017810f8131d010000001204636861741204707573681a0810"
            + "011801220200011a0208011a090802100218032201011a060803100318041a06080410041805220510011a0104220a080210021a010422"
            + "01032a020002320908051080a0f1c2b1343a0210013a04080110013a04080210013a04080310013a04080410013a04080510014005"),
        (new GossipEnvelope(Node('a'), Node('b'), Everything),
            "G 0a0b0a016110f8131d01000000120b0a016210f8131d010000001ac9010a0b0a016110f8131d010000000a0b0a016210f8131d010000"
            + "000a0b0a016310f8131d010000000a0b0a016410f8131d010000000a0b0a016510f8131d010000000a0b0a017810f8131d010000001204"
            + "636861741204707573681a0810011801220200011a0208011a090802100218032201011a060803100318041a0608041004180522051001"
            + "1a0104220a080210021a01042201032a020002320908051080a0f1c2b1343a0210013a04080110013a04080210013a04080310013a0408"
            + "0410013a04080510014005"),
        (new GossipStatus(Node('a'), Node('b'), 0x0123456789abcdef, 7),
            "S 0a0b0a016110f8131d01000000120b0a016210f8131d0100000019efcdab8967452301210700000000000000"),
        (new ExitingConfirmed(Node('a')), "EC 0a0b0a016110f8131d01000000"),
        (new YouAreRemoved(Node('a'), Node('b')), "R 0a0b0a016110f8131d01000000120b0a016210f8131d01000000"),
        (new Heartbeat(Node('a')), "H 0a0b0a016110f8131d01000000"),
        (new HeartbeatResponse(Node('b')), "A 0a0b0a016210f8131d01000000"),
    ];

    private static Gossip Everything => Gossip("a b:Joining c:Leaving d:Exiting e:Down x")
        .WithMember(Member('a', MemberStatus.Up, 1, "chat", "push"))
        .WithMember(Member('c', MemberStatus.Leaving, 3, "push"))
        .Unreachable("ae ce")
        .Terminated('c', 'd')
        .Remove([Node('x')], DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000))
        .Remove([Node('y')], DateTimeOffset.FromUnixTimeMilliseconds(4))
        .Forget(DateTimeOffset.FromUnixTimeMilliseconds(5))
        .SeenBy("ac");

    public static TheoryData<string> Types => [.. MessageTypes.Select(static type => type.Name)];

    private static IEnumerable<Type> MessageTypes =>
        typeof(IClusterMessage).Assembly.GetTypes().Where(static type => type.IsClass && typeof(IClusterMessage).IsAssignableFrom(type));

    [Fact]
    public void What_must_be_the_same_survives_the_wire()
    {
        var terms = Terms with { Same = Terms.Same.Add("store", "1").Add("shards", "64") };

        var read = (InitJoin)Serializer().FromBinary(Serializer().ToBinary(new InitJoin(Node('a'), terms)), "IJ");

        read.Terms.MismatchWith(terms).ShouldBeEmpty();
        read.Terms.Same.ShouldBe(terms.Same);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Message_survives_the_wire(string type)
    {
        var (serializer, message) = (Serializer(), Messages.Single(m => m.Message.GetType().Name == type).Message);

        var read = serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));

        read.ShouldBe(message);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Bytes_of_a_message_never_change(string type)
    {
        var (serializer, message) = (Serializer(), Messages.Single(m => m.Message.GetType().Name == type));

        $"{serializer.Manifest(message.Message)} {Convert.ToHexStringLower(serializer.ToBinary(message.Message))}".ShouldBe(message.Bytes);
    }

    [Fact]
    public void Manifests_are_short_and_unlike()
    {
        var manifests = Messages.Select(m => Serializer().Manifest(m.Message)).ToList();

        manifests.ShouldBeUnique();
        manifests.ShouldAllBe(static manifest => manifest.Length <= 2);
    }

    [Fact]
    public void What_a_later_version_adds_is_skipped()
    {
        var serializer = Serializer();
        byte[] bytes = [.. serializer.ToBinary(new Heartbeat(Node('a'))), 0xfa, 0x01, 0x03, 1, 2, 3];

        serializer.FromBinary(bytes, "H").ShouldBe(new Heartbeat(Node('a')));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var serializer = Serializer();

        Should.Throw<System.Runtime.Serialization.SerializationException>(() => serializer.FromBinary([], "?"));
        Should.Throw<ArgumentException>(() => serializer.ToBinary("hello"));
        var noSuchNode = new WireGossipEnvelope
        {
            From = new WireNode(),
            To = new WireNode(),
            Gossip = new WireGossip { Members = { new WireMember { Node = 3 } } },
        };
        Should.Throw<System.Runtime.Serialization.SerializationException>(() => serializer.FromBinary(Bytes(noSuchNode), "G"));
        noSuchNode.Gossip.Nodes.Add(new WireNode { Host = "a" });
        noSuchNode.Gossip.Members[0] = new WireMember { Status = 99 };
        Should.Throw<System.Runtime.Serialization.SerializationException>(() => serializer.FromBinary(Bytes(noSuchNode), "G"));
    }

    [Fact]
    public void Systems_that_others_reach_have_the_serializer()
    {
        var cluster = new Internals.Remote.SimulatedCluster(1);

        var serialization = cluster.Start("a").System.Serialization;

        serialization.FindSerializerFor(new Heartbeat(Node('a'))).Identifier.ShouldBe(5);
    }

    private static byte[] Bytes(Google.Protobuf.IMessage message) => Google.Protobuf.MessageExtensions.ToByteArray(message);

    /// <summary>Of a system with the address that <see cref="Nodes"/> have.</summary>
    private static ClusterMessageSerializer Serializer()
    {
        var node = new Akka.Runtime.Simulation(1).CreateNode("a");
        var system = ActorSystem.Create("chat", Akka.Actor.Setup.ActorSystemSetup.Create(
            node.Setup, new RemoteSetup { Host = "a", Port = 2552, Transport = node.Transport }));
        return new ClusterMessageSerializer((ExtendedActorSystem)system);
    }
}
