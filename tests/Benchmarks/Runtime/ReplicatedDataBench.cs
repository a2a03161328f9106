using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.DistributedData.Replication;
using Akka.DistributedData.Wire;
using Akka.Event;
using Akka.Remote;
using Akka.Runtime;
using Google.Protobuf;

namespace Benchmarks.Runtime;

/// <summary>What it costs to share who is online: memory by type of data, and time and bytes of a change.</summary>
internal static class ReplicatedDataBench
{
    private const int Buckets = 64;
    private const int Users = 1_000_000;
    private const int Changes = 200_000;
    private const int Batch = 8;

    private static readonly UniqueAddress[] Nodes =
        [.. Enumerable.Range(1, 3).Select(i => new UniqueAddress(new Address("akka.tcp", "chat", $"10.0.0.{i}", 8110), i * 1_000_003))];

    public static Task<int> Run(string[] arguments)
    {
        Console.WriteLine($"{Users:N0} users in {Buckets} values of 3 nodes; {Changes:N0} changes, {Batch} a message and value");
        Data("ORSet<long>", ORSet<long>.Empty, (set, node, user, on) => on ? set.Add(node, Id(user)) : set.Remove(node, Id(user)));
        Data("ORSet<string> id", ORSet<string>.Empty, (set, node, user, on) => on ? set.Add(node, Text(user)) : set.Remove(node, Text(user)));
        Data(
            "ORSet<string> id@node",
            ORSet<string>.Empty,
            (set, node, user, on) => on ? set.Add(node, $"{Id(user)}@{node.Uid:x8}") : set.Remove(node, $"{Id(user)}@{node.Uid:x8}"));
        Data(
            "LWWDictionary<long,int>",
            LWWDictionary<long, int>.Empty,
            (all, node, user, on) => on ? all.SetItem(node, Id(user), node.Uid) : all.Remove(node, Id(user)));
        Data(
            "LWWDictionary<string,bool>",
            LWWDictionary<string, bool>.Empty,
            (all, node, user, on) => all.SetItem(node, Text(user), on));
        Network();
        return Task.FromResult(0);
    }

    private static long Id(int user) => 7_210_000_000_000_000_000 + (user * 4099L);

    private static string Text(int user) => Id(user).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Data<T>(string name, T empty, Func<T, UniqueAddress, int, bool, T> change)
        where T : class, IDeltaReplicatedData
    {
        var system = (ExtendedActorSystem)ActorSystem.Create("bench");
        var before = GC.GetTotalMemory(true);
        var copies = new T[Buckets];
        Array.Fill(copies, empty);
        for (var user = 0; user < Users; user++)
            copies[user % Buckets] = (T)change(copies[user % Buckets], Nodes[user % 3], user, true).ResetDelta();
        var bytes = (GC.GetTotalMemory(true) - before) / (double)Users;

        var whole = new WireWriter(system).Data(copies[0]).ToByteArray().Length / (Users / (double)Buckets);
        var others = copies.AsSpan().ToArray();
        var random = new Random(1);
        var deltas = new List<(int Bucket, IReplicatedDelta Delta)>(Changes);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Changes; i++)
        {
            // Those of a batch fall into one value.
            var bucket = i / Batch % Buckets;
            var user = (random.Next(Users / Buckets) * Buckets) + bucket;
            var changed = change(copies[bucket], Nodes[user % 3], user, random.Next(2) == 0);
            if (changed.Delta is { } delta)
                deltas.Add((bucket, delta));
            copies[bucket] = (T)changed.ResetDelta();
        }

        var local = Environment.CpuUsage.TotalTime - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        start = Environment.CpuUsage.TotalTime;
        var written = new List<(int Bucket, byte[] Bytes, Names Names)>();
        var sent = 0L;
        for (var i = 0; i < deltas.Count; i += Batch)
        {
            var writer = new WireWriter(system);
            var batch = deltas.GetRange(i, Math.Min(Batch, deltas.Count - i)).GroupBy(static d => d.Bucket);
            foreach (var group in batch)
            {
                var message = writer.Data(Deltas.Merge([.. group.Select(static d => d.Delta)])).ToByteArray();
                written.Add((group.Key, message, writer.Names));
                sent += message.Length;
            }
        }

        var encode = Environment.CpuUsage.TotalTime - start;
        start = Environment.CpuUsage.TotalTime;
        foreach (var (bucket, message, names) in written)
        {
            var delta = (IReplicatedDelta)new WireReader(system, names).Data(Akka.DistributedData.Wire.Data.Parser.ParseFrom(message));
            others[bucket] = (T)others[bucket].MergeDelta(delta);
        }

        var apply = Environment.CpuUsage.TotalTime - start;
        for (var i = 0; i < Buckets; i++)
        {
            if (!others[i].Equals(copies[i]))
                throw new InvalidOperationException("The copies are not the same");
        }

        start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Buckets; i++)
            _ = others[i].Merge(i % 2 == 0 ? copies[i] : change(copies[i], Nodes[0], i, true));
        var merge = Environment.CpuUsage.TotalTime - start;
        Console.WriteLine(
            $"{name,-28} {bytes,5:N0} B an entry, {whole,4:N1} B of it on the wire; a change: {Each(local)} ns local ({allocated / Changes:N0} B), "
            + $"{Each(encode)} ns to write ({sent / (double)Changes:N1} B), {Each(apply)} ns to read and apply; "
            + $"a merge of whole copies: {merge.TotalNanoseconds / Users:N0} ns an entry");
        system.Terminate().Wait();

        string Each(TimeSpan time) => $"{time.TotalNanoseconds / Changes:N0}";
    }

    private static void Network()
    {
        var simulation = new Simulation(1);
        var (members, age) = (new List<(ActorSystem System, Replica Replica, IActorRef Replicator)>(), 0);
        foreach (var host in new[] { "a", "b", "c" })
        {
            var node = simulation.CreateNode(host);
            var system = (ActorSystemImpl)ActorSystem.Create("chat", ActorSystemSetup.Create(
                node.Setup, new RemoteSetup { Host = host, Port = 8110, Transport = node.Transport }, new LoggingSetup { Enabled = false }));
            var self = new UniqueAddress(system.Provider.DefaultAddress, system.Remote!.Uid);
            var replica = new Replica(self, ReplicatorSettings.Default, new DataFingerprints(system).Of);
            members.Add((system, replica, system.SystemActorOf(Replicator.PropsOf(replica, new Group(self, system.Provider)), "ddataReplicator")));
        }

        foreach (var member in members)
        {
            foreach (var other in members.Where(other => other != member))
                member.Replicator.Tell(new MembershipChange.Up(other.Replica.Self, ++age), ActorRefs.NoSender);
        }

        var random = new Random(1);
        var keys = Enumerable.Range(0, Buckets).Select(static i => new ORSetKey<string>($"presence-{i:00}")).ToArray();
        const int users = 100_000;
        for (var user = 0; user < users; user++)
            Toggle(user);
        simulation.Advance(TimeSpan.FromSeconds(30));
        Report("idle", 0, 60);
        Report("1,000 changes/s", 1000, 20);
        Report("10,000 changes/s", 10_000, 5);

        void Toggle(int user)
        {
            var (_, replica, replicator) = members[user % 3];
            var entry = $"{Id(user)}@{replica.Self.Uid:x8}";
            replicator.Tell(
                Dsl.Update(keys[user % Buckets], ORSet<string>.Empty, WriteLocal.Instance, set =>
                    set.Contains(entry) ? set.Remove(replica.Self, entry) : set.Add(replica.Self, entry)),
                ActorRefs.NoSender);
        }

        void Report(string name, int changes, int seconds)
        {
            var (bytes, frames) = (simulation.Network.Bytes, simulation.Network.Frames);
            var cpu = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < seconds * 100; i++)
            {
                for (var j = 0; j < changes / 100; j++)
                    Toggle(random.Next(users));
                simulation.Advance(TimeSpan.FromMilliseconds(10));
            }

            cpu = Environment.CpuUsage.TotalTime - cpu;
            var perSecond = (simulation.Network.Bytes - bytes) / seconds;
            Console.WriteLine(
                $"3 nodes, {Buckets} sets of {users:N0} users, {name}: {perSecond:N0} bytes/s on all 6 ways together, "
                + $"{(simulation.Network.Frames - frames) / (double)seconds:N1} frames/s, "
                + (changes == 0 ? "" : $"{perSecond / (double)changes:N0} bytes a change, ")
                + $"{cpu.TotalMilliseconds / seconds:N1} ms CPU a second, all nodes and the simulation");
        }
    }

    private sealed class Group(UniqueAddress self, IActorRefProvider provider) : IReplicaGroup
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
