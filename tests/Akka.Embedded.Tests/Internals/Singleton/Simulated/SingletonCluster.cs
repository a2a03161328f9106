using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Internals.Singleton.Simulated;

/// <summary>Nodes of a simulated cluster with a singleton, and a proxy of it on each.</summary>
internal sealed class SingletonCluster(int seed, ClusterSetup? settings = null)
{
    private static readonly string[] Seeds = ["a", "b", "c"];

    private readonly SimulatedCluster _cluster = new(seed);

    public int Seed => seed;

    public Random Random => _cluster.Simulation.Random;

    public SimulatedCluster Cluster => _cluster;

    /// <summary>The incarnations that run at the moment.</summary>
    public List<Only> Alive { get; } = [];

    public TimeSpan LongestOverlap { get; private set; }

    public int Incarnations { get; private set; }

    /// <summary>What singletons have got, in the order of its coming.</summary>
    public List<string> Received { get; } = [];

    public List<SingletonNode> Nodes { get; } = [];

    public SingletonNode this[string host] => Nodes.Single(node => node.Host == host);

    public TimeSpan Now => TimeSpan.FromTicks(_cluster.Simulation.Time.GetTimestamp());

    private TimeSpan _overlapSince;

    public static SingletonCluster Start(int seed, int nodes)
    {
        var cluster = new SingletonCluster(seed);
        for (var i = 0; i < nodes; i++)
            cluster.Join($"{(char)('a' + i)}");
        return cluster;
    }

    public SingletonNode Join(string host, int bufferSize = 1000)
    {
        var node = StartNode(host, bufferSize);
        Until(() => node.IsUp, 60, $"{host} isn't up");
        return node;
    }

    public SingletonNode StartNode(string host, int bufferSize = 1000)
    {
        var setup = settings ?? new ClusterSetup { SeedNodes = [.. Seeds.Select(SimulatedCluster.AddressOf)] };
        var node = new SingletonNode(this, host, _cluster.Start(host, setup), bufferSize);
        Nodes.Add(node);
        return node;
    }

    public void Kill(SingletonNode node)
    {
        node.Member.Node.Kill();
        Nodes.Remove(node);
        foreach (var only in Alive.Where(only => only.Node == node).ToList())
            Stopped(only);
    }

    public void Leave(SingletonNode node)
    {
        var terminated = node.Member.System.Terminate();
        Until(() => terminated.IsCompleted, 60, $"{node.Host} doesn't terminate");
        Kill(node);
    }

    public void Advance(double seconds) => _cluster.Advance(seconds);

    public void Until(Func<bool> holds, double limit, string otherwise) =>
        _cluster.Simulation.AdvanceUntil(holds, TimeSpan.FromSeconds(limit)).ShouldBeTrue($"{otherwise} within {limit} s, seed {seed}");

    public void Started(Only only)
    {
        Incarnations++;
        if (Alive.Count == 1)
            _overlapSince = Now;
        Alive.Add(only);
    }

    public void Stopped(Only only)
    {
        if (Alive.Remove(only) && Alive.Count == 1 && Now - _overlapSince > LongestOverlap)
            LongestOverlap = Now - _overlapSince;
    }
}

internal sealed class SingletonNode
{
    public SingletonNode(SingletonCluster cluster, string host, SimulatedCluster.Member member, int bufferSize)
    {
        (Host, Member) = (host, member);
        Manager = member.System.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new Only(cluster, this)), Only.End, ClusterSingletonManagerSettings.Create(member.System)
                    .WithSingletonName("it")),
            "only");
        Proxy = member.System.ActorOf(
            ClusterSingletonProxy.Props(
                "/user/only", ClusterSingletonProxySettings.Create(member.System).WithSingletonName("it").WithBufferSize(bufferSize)),
            "proxy");
    }

    public string Host { get; }

    public SimulatedCluster.Member Member { get; }

    public IActorRef Manager { get; }

    public IActorRef Proxy { get; }

    public bool IsUp => Akka.Cluster.Cluster.Get(Member.System).IsUp;
}

/// <summary>The singleton: it takes its time to end.</summary>
internal sealed class Only(SingletonCluster cluster, SingletonNode node) : UntypedActor, IWithTimers
{
    public const string End = "end";

    public SingletonNode Node => node;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => cluster.Started(this);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case End:
                Timers.StartSingleTimer("gone", "gone", TimeSpan.FromMilliseconds(300));
                break;
            case "gone":
                Context.Stop(Self);
                break;
            default:
                cluster.Received.Add((string)message);
                Sender.Tell($"{message} at {node.Host}");
                break;
        }
    }

    protected override void PostStop() => cluster.Stopped(this);
}
