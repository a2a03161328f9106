using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Remote;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Internals.Remote;

/// <summary>Systems named "sim" on nodes of their own in one simulation, at port 2552 of hosts with a letter for a name.</summary>
internal sealed class SimulatedCluster(int seed)
{
    public const int Port = 2552;

    public Simulation Simulation { get; } = new(seed);

    public SimulatedNetwork Network => Simulation.Network;

    /// <summary>Starts a system on a host, which may have had one before that is dead by now.</summary>
    public Member Start(string host, params Setup[] setups)
    {
        var node = Simulation.CreateNode(host);
        var setup = ActorSystemSetup.Create(
            [
                node.Setup, new RemoteSetup { Host = host, Port = Port, Transport = node.Transport },
                new LoggingSetup { Enabled = false }, .. setups,
            ]);
        return new Member(node, ActorSystem.Create("sim", setup));
    }

    public void Advance(double seconds) => Simulation.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets time pass until a task has ended, and gives its result, or what it failed with.</summary>
    public T Await<T>(Task<T> task)
    {
        Simulation.AdvanceUntil(() => task.IsCompleted, TimeSpan.FromMinutes(10)).ShouldBeTrue("the task doesn't end");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>The address of the system on a host.</summary>
    public static Address AddressOf(string host) => new("akka.tcp", "sim", host, Port);

    /// <summary>One node and the system on it.</summary>
    internal sealed record Member(SimulatedNode Node, ActorSystem System)
    {
        public RemoteSystem Remote => ((ActorSystemImpl)System).Remote!;

        /// <summary>Whoever is at a path of another host now.</summary>
        public IActorRef At(string host, string path) =>
            ((ExtendedActorSystem)System).Provider.ResolveActorRef($"{AddressOf(host)}{path}");
    }
}
