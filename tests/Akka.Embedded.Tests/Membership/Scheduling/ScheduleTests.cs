using Akka.Embedded.Tests.Membership.Model;
using Akka.Embedded.Tests.Membership.Simulated;

namespace Akka.Embedded.Tests.Membership.Scheduling;

public sealed class ScheduleTests
{
    [Fact]
    public void Whatever_happens_to_state_machines_those_that_live_agree_and_nobody_goes_without_a_reason() =>
        Schedules.Run(60, 4, static (seed, setup) => new ModelNetwork(seed) { Setup = setup });

    [Fact]
    public void Whatever_happens_to_systems_those_that_live_agree_and_nobody_goes_without_a_reason() =>
        Schedules.Run(10, 2, static (seed, setup) => new SimulatedMembers(seed) { Setup = setup });
}
