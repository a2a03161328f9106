using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using Akka.Runtime;
using Akka.Serialization;
using ChatAkka.Actors.Discovery;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Discovery;

namespace ChatAkka.Actors.Tests.Nodes;

/// <summary>How soon all nodes know of each other what they tell clients, over a simulated network and in virtual time.</summary>
public sealed class NodeRegistryTests
{
    private const int Port = 2552;
    private const int Seeds = 20;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Nodes_that_start_together_are_soon_named_by_all(int count)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var simulation = new Simulation(seed);
            var nodes = Enumerable.Range(0, count).Select(i => Start(simulation, i)).ToArray();
            JudgeNamed(simulation, nodes, seed);
        }
    }

    [Fact]
    public void Node_that_comes_later_soon_names_all_and_is_named_by_all()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var simulation = new Simulation(seed);
            var nodes = Enumerable.Range(0, 3).Select(i => Start(simulation, i)).ToArray();
            simulation.Advance(TimeSpan.FromSeconds(60 + (seed * 0.3)));
            JudgeNamed(simulation, [.. nodes, Start(simulation, 3)], seed);
        }
    }

    private static void JudgeNamed(Simulation simulation, Node[] nodes, int seed)
    {
        simulation.AdvanceUntil(() => nodes.All(node => node.Ups == nodes.Length), TimeSpan.FromSeconds(60)).ShouldBeTrue($"seed {seed}");
        simulation.AdvanceUntil(() => nodes.All(node => node.Directory.Nodes.Count == nodes.Length), Soon).ShouldBeTrue($"seed {seed}");
    }

    private static Node Start(Simulation simulation, int number)
    {
        var host = $"n{number}";
        var node = simulation.CreateNode(host);
        var system = ActorSystem.Create("chatakka", ActorSystemSetup.Create(
            node.Setup,
            new RemoteSetup { Host = host, Port = Port, Transport = node.Transport },
            new ClusterSetup { SeedNodes = [new Address("akka.tcp", "chatakka", "n0", Port)] },
            new LoggingSetup { Enabled = false },
            SerializationSetup.Create(system =>
                [SerializerDetails.Create("chatakka-nodes", new NodeSerializer(system), [.. NodeSerializer.BoundTypes])])));
        var directory = new NodeDirectory(
            host, shards: 16, () => new NodeInfo(host, host, $"ws://{host}/v1/ws", "here", Sockets: 0, IsDraining: false));
        system.ActorOf(NodeRegistry.Props(directory), "nodes");
        return new Node(Cluster.Get(system), directory);
    }

    private sealed record Node(Cluster Cluster, NodeDirectory Directory)
    {
        public int Ups => Cluster.State.Members.Count(member => member.Status == MemberStatus.Up);
    }
}
