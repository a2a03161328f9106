using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Internals.Sharding.Simulated;

/// <summary>
/// Nodes of a simulated cluster that share entities of one type, with a client on each of them that sends to those entities, and a ledger in
/// which it is written down what comes of that.
/// </summary>
internal sealed class ShardedCluster(int seed, TimeSpan? idle = null, string? role = null)
{
    public const int Entities = 20;
    private const int Shards = 6;

    // Every host there may be: one that starts finds those that run, whichever they are.
    private static readonly string[] Seeds = ["a", "b", "c", "d", "e", "f", "g", "h"];

    private readonly SimulatedCluster _cluster = new(seed);

    public int Seed => seed;

    public Random Random => _cluster.Simulation.Random;

    public SimulatedCluster Cluster => _cluster;

    public Ledger Ledger { get; } = new();

    /// <summary>Those that run, the oldest first.</summary>
    public List<ShardedNode> Nodes { get; } = [];

    public ShardedNode this[string host] => Nodes.Single(node => node.Host == host);

    /// <summary>Starts nodes one after another and waits until all are members.</summary>
    public static ShardedCluster Start(int seed, int nodes, TimeSpan? idle = null)
    {
        var cluster = new ShardedCluster(seed, idle);
        for (var i = 0; i < nodes; i++)
            cluster.Join($"{(char)('a' + i)}");
        return cluster;
    }

    public ShardedNode Join(string host, string? of = null)
    {
        var node = StartNode(host, of);
        Until(() => node.IsUp, 60, $"{host} isn't up");
        return node;
    }

    /// <summary>Starts a node and doesn't wait.</summary>
    public ShardedNode StartNode(string host, string? of = null)
    {
        var setup = new ClusterSetup
        {
            SeedNodes = [.. Seeds.Select(SimulatedCluster.AddressOf)],
            Roles = of is null ? [] : [of],
        };
        var node = new ShardedNode(this, host, _cluster.Start(host, setup), idle ?? TimeSpan.Zero, Shards, role);
        Nodes.Add(node);
        return node;
    }

    /// <summary>The process ends in the middle of whatever it does.</summary>
    public void Kill(ShardedNode node)
    {
        node.Member.Node.Kill();
        Nodes.Remove(node);
        Ledger.NodeDied(node, Now);
    }

    /// <summary>The node shuts down in good order.</summary>
    public void Leave(ShardedNode node, double limit = 60)
    {
        node.Client.Tell(Client.Stop, ActorRefs.NoSender);
        var terminated = node.Member.System.Terminate();
        Until(() => terminated.IsCompleted, limit, $"{node.Host} doesn't terminate");
        Kill(node);
    }

    /// <summary>All clients begin to send.</summary>
    public void Begin(bool repeats, int everyMs = 200) => Nodes.ForEach(node => node.Begin(repeats, everyMs));

    public TimeSpan Now => TimeSpan.FromTicks(_cluster.Simulation.Time.GetTimestamp());

    public void Advance(double seconds) => _cluster.Advance(seconds);

    public void Until(Func<bool> holds, double limit, string otherwise)
    {
        if (!_cluster.Simulation.AdvanceUntil(holds, TimeSpan.FromSeconds(limit)))
            throw new TimeoutException($"Seed {seed}: {otherwise} within {limit} s. The log:\n{string.Join('\n', Ledger.Log.TakeLast(150))}");
    }

    /// <summary>Clients stop; all that they have sent has been answered in the end.</summary>
    public void Settle(double limit = 120)
    {
        foreach (var node in Nodes)
            node.Client.Tell(Client.Stop, ActorRefs.NoSender);
        Until(() => Ledger.Open == 0, limit, "messages are not answered");
    }

    /// <summary>The shards of each node, as its own region tells.</summary>
    public Dictionary<string, ShardRegionStats> Stats() => Nodes.ToDictionary(
        static node => node.Host,
        node => _cluster.Await(node.Region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, TimeSpan.FromSeconds(10))));
}

/// <summary>One node: the system, its region, and its client.</summary>
internal sealed class ShardedNode
{
    public ShardedNode(ShardedCluster cluster, string host, SimulatedCluster.Member member, TimeSpan idle, int shards, string? role)
    {
        (Host, Member) = (host, member);
        var sharding = ClusterSharding.Get(member.System);
        var settings = ClusterShardingSettings.Create(member.System).WithPassivateIdleAfter(idle).WithRole(role);
        Region = sharding.Start(
            "entity",
            id => Props.Create(() => new LedgerEntity(id, this, cluster)),
            settings,
            HashCodeMessageExtractor.Create(shards, static _ => null),
            sharding.DefaultShardAllocationStrategy(settings),
            LedgerEntity.Leave);
        Client = member.System.ActorOf(Props.Create(() => new Client(this, cluster)), "client");
        member.System.ActorOf(Props.Create(() => new LogCollector(this, cluster)), "log");
    }

    public string Host { get; }

    public SimulatedCluster.Member Member { get; }

    public IActorRef Region { get; }

    public IActorRef Client { get; }

    /// <summary>The client begins to send.</summary>
    public void Begin(bool repeats, int everyMs = 200) =>
        Client.Tell(new Client.Start(TimeSpan.FromMilliseconds(everyMs), repeats), ActorRefs.NoSender);

    public Akka.Cluster.Cluster Membership => Akka.Cluster.Cluster.Get(Member.System);

    public bool IsUp => Membership.IsUp;
}
