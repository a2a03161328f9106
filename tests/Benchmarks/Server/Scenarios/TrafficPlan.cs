namespace Benchmarks.Server.Scenarios;

/// <summary>How messages are sent.</summary>
/// <param name="Test">The test's name on the command line.</param>
/// <param name="Seconds">That are measured, after the ramp.</param>
internal sealed record TrafficPlan(string Test, double Seconds)
{
    /// <summary>Seconds of traffic before the measured ones.</summary>
    public double Ramp { get; init; } = 1;

    /// <summary>Closed loop: messages that a sender keeps in flight. A message that has reached whom it is for makes room for the
    /// next.</summary>
    public int Window { get; init; }

    /// <summary>Open loop: messages a second of all senders together, whatever the server does with them. 0: closed loop.</summary>
    public int Rate { get; init; }

    /// <summary>The first session sends to a room of all of them. Otherwise sessions 0 and 1, 2 and 3, … send to each other.</summary>
    public bool Room { get; init; }
}
