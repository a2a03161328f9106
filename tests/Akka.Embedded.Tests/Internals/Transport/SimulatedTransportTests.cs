using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Internals.Transport;

public sealed class SimulatedTransportTests() : TransportContract(new SimulatedTestNetwork())
{
    private sealed class SimulatedTestNetwork : TestNetwork
    {
        private readonly Simulation _simulation = new(1);

        public SimulatedTestNetwork()
        {
            Near = _simulation.CreateNode("near").Transport;
            Far = _simulation.CreateNode(FarHost).Transport;
            _simulation.Network.Cut("near", "silent");
        }

        public override ITransport Near { get; }

        public override ITransport Far { get; }

        public override string FarHost => "far";

        public override Address Silent => new("akka.tcp", "test", "silent", 1);

        public override TimeSpan ConnectTimeout => TimeSpan.FromSeconds(5);

        public override Task Until(Func<bool> condition, string what)
        {
            _simulation.AdvanceUntil(condition, Patience).ShouldBeTrue($"waited for {what}");
            return Task.CompletedTask;
        }

        public override void Advance(TimeSpan duration) => _simulation.Advance(duration);

        public override void Break(ILink link) => _simulation.Network.Break("near", FarHost);

        // A simulation has one thread.
        public override Task AtOnce(params Action[] actions)
        {
            foreach (var action in actions)
                action();
            return Task.CompletedTask;
        }
    }
}
