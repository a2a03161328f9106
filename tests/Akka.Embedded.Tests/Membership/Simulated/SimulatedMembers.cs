using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Embedded.Tests.Internals.Remote;
using Akka.Embedded.Tests.Membership.Scheduling;

namespace Akka.Embedded.Tests.Membership.Simulated;

/// <summary>Real systems, with their actors and their remoting, that form a cluster in a simulation.</summary>
internal sealed class SimulatedMembers : IScheduledCluster
{
    private readonly SimulatedCluster _cluster;
    private readonly HashSet<(string From, string To)> _cut = [];

    public SimulatedMembers(int seed) => _cluster = new SimulatedCluster(seed);

    public SimulatedCluster Net => _cluster;

    public ClusterSetup Setup { get; init; } = new();

    /// <summary>By host; the last one that was started there.</summary>
    public SortedDictionary<string, SimulatedMember> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Those whose system runs, in the cluster or on its way there.</summary>
    public IReadOnlyList<SimulatedMember> Living => [.. Nodes.Values.Where(static node => node.IsAlive)];

    IReadOnlyList<IScheduledNode> IScheduledCluster.Living => Living;

    public Random Random => _cluster.Simulation.Random;

    public TimeSpan Now => _cluster.Simulation.Time.GetElapsedTime(0);

    public SimulatedMember Start(string host, params string[] seeds) => Start(host, [], seeds);

    public SimulatedMember Start(string host, Setup[] setups, params string[] seeds)
    {
        var cluster = new ClusterSetup
        {
            SeedNodes = [.. seeds.Select(SimulatedCluster.AddressOf)],
            SplitBrainResolver = Setup.SplitBrainResolver,
            Roles = Setup.Roles,
            MinNrOfMembers = Setup.MinNrOfMembers,
        };
        var node = new SimulatedMember(_cluster.Start(host, [cluster, .. setups]));
        Nodes[host] = node;
        return node;
    }

    public void Advance(double seconds) => _cluster.Advance(seconds);

    public bool AdvanceUntil(Func<bool> holds, double seconds) =>
        _cluster.Simulation.AdvanceUntil(holds, TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time pass until all that live see each other, and nobody else, up.</summary>
    public void Await(int size, double seconds = 30) =>
        AdvanceUntil(() => Living.Count == size && Living.All(n => n.Size == size), seconds).ShouldBeTrue(ToString());

    /// <summary>Starts nodes and waits until all are up; the first one is the oldest.</summary>
    public void Form(params string[] hosts)
    {
        foreach (var host in hosts)
            Start(host, hosts);
        Await(hosts.Length);
    }

    public void Partition(string one, string other) => _cluster.Network.Partition([.. one.Select(Name)], [.. other.Select(Name)]);

    public override string ToString() => string.Join('\n', Nodes.Values.Select(static n => $"{n.Host}: {(n.IsAlive ? "" : "gone ")}{n.View}"));

    public void Cut(string from, string to)
    {
        _cut.Add((from, to));
        _cluster.Network.Cut(from, to);
    }

    public void Heal(bool loses)
    {
        foreach (var (from, to) in _cut.Order())
        {
            if (loses)
                _cluster.Network.Break(from, to);
        }

        _cut.Clear();
        _cluster.Network.Heal();
    }

    void IScheduledCluster.Start(string host, string[] seeds)
    {
        // Its system may not have ended by itself yet: a process is not started again before the former one is gone.
        if (Nodes.TryGetValue(host, out var former))
            former.Node.Kill();
        Start(host, seeds);
    }

    void IScheduledCluster.Kill(string host) => Nodes[host].Node.Kill();

    void IScheduledCluster.Pause(string host) => Nodes[host].Node.Pause();

    void IScheduledCluster.Resume(string host) => Nodes[host].Node.Resume();

    void IScheduledCluster.Leave(string host) => Nodes[host].Cluster.Leave(Nodes[host].Cluster.SelfAddress);

    string IScheduledCluster.Describe() => ToString();

    private static string Name(char c) => $"{c}";
}

/// <summary>One system and its membership.</summary>
internal sealed class SimulatedMember(SimulatedCluster.Member node) : IScheduledNode
{
    public ActorSystem System => node.System;

    public Akka.Runtime.SimulatedNode Node => node.Node;

    public string Host => node.Node.Host;

    public Akka.Cluster.Cluster Cluster { get; } = Akka.Cluster.Cluster.Get(node.System);

    public bool IsAlive => !node.Node.IsDead && !Cluster.IsTerminated;

    public bool IsUp => IsAlive && Cluster.IsUp;

    /// <summary>How many members it sees, if all are up and reachable; 0 otherwise.</summary>
    public int Size => IsUp && Cluster.State.Unreachable.IsEmpty && Cluster.State.Members.All(static m => m.Status == MemberStatus.Up)
        ? Cluster.State.Members.Count
        : 0;

    public string Members => string.Concat(Cluster.State.Members.Select(static m => m.Address.Host));

    public string? Leader => Cluster.State.Leader?.Host;

    public string? Oldest => Cluster.State.Members.Min(Member.AgeOrdering)?.Address.Host;

    public string View => string.Join(' ', Cluster.State.Members.Select(static m => $"{m.Address.Host}={m.Status}"))
        + string.Concat(Cluster.State.Unreachable.Select(static m => $" !{m.Address.Host}"));
}
