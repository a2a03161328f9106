using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Serialization;

namespace Akka.Embedded.Tests.Internals.Sharding;

/// <summary>What regions, coordinators and singleton managers on different nodes send each other, byte by byte.</summary>
public sealed class ShardingWireTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("wire", ActorSystemSetup.Create(
        SerializationSetup.Create(static system => [.. RuntimeSerializers.Create(system)])));

    public static TheoryData<string, string> Golden => new()
    {
        { "envelope", "13 E 0A06656E74697479120C08221201531A0568656C6C6F" },
        { "forwarded", "13 F 0803120C08221201531A0568656C6C6F" },
        {
            "last",
            "13 L 0A42616B6B612E7463703A2F2F6368617440623A323535322F73797374656D2F7368617264696E672F74797065436F6F7264696E6"
            + "1746F722F73696E676C65746F6E233712350A013110181A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7"
            + "368617264696E672F74797065233432"
        },
        {
            "register",
            "13 R 0A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7368617264696E672F747970652334321216616B6"
            + "B612E7463703A2F2F6368617440613A323535321DFBFFFFFF2A01312A0132"
        },
        { "registered", "13 r " },
        { "home?", "13 G 0A01311A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7368617264696E672F74797065233432" },
        { "home", "13 H 0A01311A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7368617264696E672F74797065233432" },
        { "begin", "13 B 0A01311018" },
        { "begun", "13 b 0A013110181A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7368617264696E672F74797065233432" },
        { "stop", "13 O 0A01311018" },
        { "stopped", "13 o 0A01311018" },
        { "leave", "13 V 0A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7368617264696E672F74797065233432" },
        { "empty", "13 v " },
        {
            "state",
            "13 C 0A540A2E616B6B612E7463703A2F2F6368617440613A323535322F73797374656D2F7368617264696E672F7479706523343212166"
            + "16B6B612E7463703A2F2F6368617440613A323535321DFBFFFFFF2A0231302A01390A4C0A2D616B6B612E7463703A2F2F6368617440623"
            + "A323535322F73797374656D2F7368617264696E672F7479706523311216616B6B612E7463703A2F2F6368617440623A323535321D4D000"
            + "0000A530A32616B6B612E7463703A2F2F6368617440623A323535322F73797374656D2F7368617264696E672F7479706550726F7879233"
            + "21216616B6B612E7463703A2F2F6368617440623A323535321D4D0000002001"
        },
        { "regions?", "13 qr " },
        { "regions", "13 ar 0A16616B6B612E7463703A2F2F6368617440613A323535320A16616B6B612E7463703A2F2F6368617440623A32353532" },
        { "stats?", "13 qt " },
        { "stats", "13 at 0A050A013110030A030A0132120137" },
        { "cluster?", "13 qc 08B817" },
        { "cluster", "13 ac 0A270A050A013110030A030A01321201371A16616B6B612E7463703A2F2F6368617440613A32353532" },
        { "state?", "13 qs " },
        { "region", "13 as 0A090A0131120161120162120137" },
        { "shard", "13 ss 0A0131120161120162" },
        {
            "to me",
            "14 A 0A1D0A16616B6B612E7463703A2F2F6368617440613A3235353215FBFFFFFF121D0A16616B6B612E7463703A2F2F6368617440623"
            + "A32353532154D000000"
        },
        { "done", "14 B 0A1D0A16616B6B612E7463703A2F2F6368617440613A3235353215FBFFFFFF121D0A16616B6B612E7463703A2F2F6368617440623A32353532154D000000" },
    };

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Every_message_has_a_sample()
    {
        var messages = typeof(IClusterShardingSerializable).Assembly.GetTypes().Where(static type => type is { IsAbstract: false }
            && (type.IsAssignableTo(typeof(IClusterShardingSerializable)) || type.IsAssignableTo(typeof(IClusterSingletonMessage))));

        Samples().Values.Select(static sample => sample.GetType()).Distinct().ShouldBe(messages, ignoreOrder: true);
        Golden.Select(static row => (string)row[0]).ShouldBe(Samples().Keys, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Message_is_written_as_ever_and_read_as_it_was(string name, string golden)
    {
        var message = Samples()[name];
        var serializer = _system.Serialization.FindSerializerFor(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);

        $"{serializer.Identifier} {manifest} {Convert.ToHexString(serializer.ToBinary(message))}".ShouldBe(golden);
        var (id, read) = Read(golden);
        read.GetType().ShouldBe(message.GetType());
        _system.Serialization.FindSerializerFor(read).Identifier.ShouldBe(id);
        Convert.ToHexString(serializer.ToBinary(read)).ShouldBe(golden.Split(' ')[2]);
        if (message is not (CoordinatorState or RegisterRegion))
            read.ShouldBe(message);
    }

    [Fact]
    public void Stored_state_comes_back_with_its_regions_in_order_and_the_homes_of_all_shards()
    {
        var state = (CoordinatorState)Samples()["state"];
        var serializer = _system.Serialization.FindSerializerFor(state);

        var read = (CoordinatorState)_system.Serialization.Deserialize(serializer.ToBinary(state), 13, "C");

        read.Shards.ShouldBe(state.Shards);
        read.Regions.Select(static r => (r.Ref, r.Node, string.Join(',', r.Shards)))
            .ShouldBe(state.Regions.Select(static r => (r.Ref, r.Node, string.Join(',', r.Shards))));
        read.Proxies.Select(static p => p.Ref).ShouldBe(state.Proxies.Select(static p => p.Ref));
    }

    [Fact]
    public void Fields_of_a_later_version_are_ignored()
    {
        var bytes = Convert.FromHexString("0A0131" + "FA0703616263");

        _system.Serialization.Deserialize(bytes, 13, "B").ShouldBe(new BeginHandOff("1", 0));
    }

    private (int Id, object Message) Read(string golden)
    {
        var parts = golden.Split(' ');
        var id = int.Parse(parts[0]);
        return (id, _system.Serialization.Deserialize(Convert.FromHexString(parts[2]), id, parts[1]));
    }

    private Dictionary<string, object> Samples()
    {
        var region = Ref("a", "type#42");
        var coordinator = Ref("b", "typeCoordinator/singleton#7");
        var node = new UniqueAddress(new Address("akka.tcp", "chat", "a", 2552), -5);
        var other = new UniqueAddress(new Address("akka.tcp", "chat", "b", 2552), 77);
        var state = CoordinatorState.Empty
            .Apply(new RegionAdded(region, node, false))
            .Apply(new RegionAdded(Ref("b", "type#1"), other, false))
            .Apply(new RegionAdded(Ref("b", "typeProxy#2"), other, true))
            .Apply(new ShardAllocated("10", region))
            .Apply(new ShardAllocated("9", region));
        var stats = new ShardRegionStats(ImmutableDictionary<string, int>.Empty.Add("1", 3).Add("2", 0), ["7"]);
        var shard = new ShardState("1", ["a", "b"]);
        var acknowledgement = new BeginHandOffAck("1", 12, region);
        return new Dictionary<string, object>
        {
            ["envelope"] = new ShardingEnvelope("entity", "hello"),
            ["forwarded"] = new Forwarded(3, "hello"),
            ["last"] = new LastOfShard(coordinator, acknowledgement),
            ["register"] = new RegisterRegion(region, node, false, ["1", "2"]),
            ["registered"] = new RegisterAck(),
            ["home?"] = new GetShardHome("1", region),
            ["home"] = new ShardLivesAt("1", region),
            ["begin"] = new BeginHandOff("1", 12),
            ["begun"] = acknowledgement,
            ["stop"] = new HandOff("1", 12),
            ["stopped"] = new ShardStopped("1", 12),
            ["leave"] = new RegionLeaves(region),
            ["empty"] = new RegionIsEmpty(),
            ["state"] = state,
            ["regions?"] = GetCurrentRegions.Instance,
            ["regions"] = new CurrentRegions([node.Address, other.Address]),
            ["stats?"] = GetShardRegionStats.Instance,
            ["stats"] = stats,
            ["cluster?"] = new GetClusterShardingStats(TimeSpan.FromSeconds(3)),
            ["cluster"] = new ClusterShardingStats(ImmutableDictionary<Address, ShardRegionStats>.Empty.Add(node.Address, stats)),
            ["state?"] = GetShardRegionState.Instance,
            ["region"] = new CurrentShardRegionState([shard], ["7"]),
            ["shard"] = shard,
            ["to me"] = new HandOverToMe(node, other),
            ["done"] = new HandOverDone(node, other),
        };
    }

    private IActorRef Ref(string host, string path) =>
        ((ExtendedActorSystem)_system).Provider.ResolveActorRef($"akka.tcp://chat@{host}:2552/system/sharding/{path}");
}
