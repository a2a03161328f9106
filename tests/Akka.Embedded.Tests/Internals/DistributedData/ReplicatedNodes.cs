using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.DistributedData.Replication;
using Akka.DistributedData.Wire;
using Akka.Embedded.Tests.Internals.Remote;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>Replicators on nodes of a simulation, which are told by hand who their members are.</summary>
internal sealed class ReplicatedNodes(int seed, ReplicatorSettings? settings = null)
{
    private readonly SimulatedCluster _cluster = new(seed);
    private readonly ReplicatorSettings _settings = settings ?? ReplicatorSettings.Default;
    private int _ages;

    public SimulatedCluster Cluster => _cluster;

    public Random Random => _cluster.Simulation.Random;

    /// <summary>All that are members.</summary>
    public List<ReplicatedNode> Members { get; } = [];

    public ReplicatedNode this[int index] => Members[index];

    public static ReplicatedNodes Start(int seed, int count, ReplicatorSettings? settings = null)
    {
        var nodes = new ReplicatedNodes(seed, settings);
        for (var i = 0; i < count; i++)
            nodes.Join($"{(char)('a' + i)}");
        return nodes;
    }

    /// <summary>Starts a node, which becomes a member at once.</summary>
    public ReplicatedNode Join(string host)
    {
        var node = new ReplicatedNode(_cluster.Start(host), _settings);
        var age = ++_ages;
        foreach (var other in Members)
        {
            other.Tell(new MembershipChange.Up(node.Address, age));
            node.Tell(new MembershipChange.Up(other.Address, other.Age));
        }

        node.Age = age;
        Members.Add(node);
        return node;
    }

    /// <summary>The node is dead, and the others are told so.</summary>
    public void Remove(ReplicatedNode node)
    {
        node.Member.Node.Kill();
        Members.Remove(node);
        foreach (var other in Members)
            other.Tell(new MembershipChange.Removed(node.Address));
    }

    public void Advance(double seconds) => _cluster.Advance(seconds);

    /// <summary>Lets time pass until all members have the same, and says how long that took.</summary>
    public TimeSpan Converge(double seconds)
    {
        var start = _cluster.Simulation.Time.GetTimestamp();
        var converges = _cluster.Simulation.AdvanceUntil(() => Same, TimeSpan.FromSeconds(seconds));
        converges.ShouldBeTrue($"not the same within {seconds} s, seed {seed}: {Differences()}");
        return TimeSpan.FromTicks(_cluster.Simulation.Time.GetTimestamp() - start);
    }

    private string Differences()
    {
        var keys = Members.SelectMany(static node => node.Replica.Store.Keys).Distinct().Where(key => Members
            .Select(node => node.Replica.Store.FingerprintOf(key)).Distinct().Count() > 1);
        return string.Join("; ", keys.Select(key => $"{key}: " + string.Join(", ", Members.Select(node =>
            $"{node.Address.Address.Host} has {node.Replica.Store.Find(key)?.DeltaVersions} {node.Replica.Store.Find(key)?.Data}"))));
    }

    /// <summary>All members have the same copies.</summary>
    public bool Same => Members.Select(static node => node.Replica.Store.Fingerprint).Distinct().Count() <= 1;
}

/// <summary>A node with a replicator.</summary>
internal sealed class ReplicatedNode
{
    private readonly HandMadeGroup _group;

    public ReplicatedNode(SimulatedCluster.Member member, ReplicatorSettings settings)
    {
        Member = member;
        var system = (ExtendedActorSystem)member.System;
        Address = new UniqueAddress(system.Provider.DefaultAddress, member.Remote.Uid);
        Replica = new Replica(Address, settings, new DataFingerprints(system).Of);
        _group = new HandMadeGroup(Address, system.Provider);
        Replicator = system.SystemActorOf(Akka.DistributedData.Replication.Replicator.PropsOf(Replica, _group), "ddataReplicator");
    }

    public SimulatedCluster.Member Member { get; }

    public UniqueAddress Address { get; }

    public Replica Replica { get; }

    public IActorRef Replicator { get; }

    public int Age { get; set; }

    public void Tell(MembershipChange change) => Replicator.Tell(change, ActorRefs.NoSender);

    /// <summary>Changes a value, and gives what will be the answer.</summary>
    public Task<IUpdateResponse> Update<T>(Key<T> key, T initial, Func<T, T> change, IWriteConsistency? consistency = null)
        where T : IReplicatedData =>
        Replicator.Ask<IUpdateResponse>(Dsl.Update(key, initial, consistency ?? WriteLocal.Instance, change));

    public Task<IGetResponse> Get<T>(Key<T> key, IReadConsistency consistency)
        where T : IReplicatedData => Replicator.Ask<IGetResponse>(Dsl.Get(key, consistency));

    /// <summary>This node's copy; null if there is none.</summary>
    public T? Copy<T>(Key<T> key)
        where T : class, IReplicatedData => Replica.Store.Find(key.Id)?.Data as T;

    private sealed class HandMadeGroup(UniqueAddress self, IActorRefProvider provider) : IReplicaGroup
    {
        public UniqueAddress Self => self;

        public void Subscribe(IActorRef replicator)
        {
        }

        public void Unsubscribe(IActorRef replicator)
        {
        }

        public MembershipChange? Translate(object message) => (MembershipChange)message;

        public bool Knows(object message) => message is MembershipChange;

        public IActorRef ReplicatorOf(UniqueAddress node) =>
            provider.ResolveActorRef(new RootActorPath(node.Address) / "system" / "ddataReplicator");
    }
}
