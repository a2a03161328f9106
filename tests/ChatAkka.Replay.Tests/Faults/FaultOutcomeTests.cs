using System.Diagnostics;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Faults;

public sealed class FaultOutcomeTests
{
    private readonly List<Send> _sends = [];
    private readonly Disturbances _disturbances = new();
    private int _servers;

    [Fact]
    public void Sends_to_affected_channels_are_those_tried_before_the_healing_and_not_acknowledged_before_the_fault()
    {
        Send("a", tried: 0.1, acknowledged: 0.9);
        Send("a", tried: 0.5, acknowledged: 3);    // waits since the fault
        Send("a", tried: 1.1, acknowledged: 4.1);
        Send("a", tried: 2, acknowledged: 2.1);    // fast, but its channel was affected
        Send("b", tried: 2, acknowledged: 2.2);    // not affected
        Send("a", tried: 5.1, acknowledged: 9);    // after

        var outcome = Outcome(Record(began: 1, healed: 5, quiet: 6));

        (outcome.Sends, outcome.Affected).ShouldBe((4, 1));
        outcome.Waits.Select(w => Math.Round(w.TotalSeconds, 2)).ShouldBe([2, 3, 0.1]);
        Math.Round(outcome.Lasted.TotalSeconds, 2).ShouldBe(4);
        Math.Round(outcome.QuietAfter!.Value.TotalSeconds, 2).ShouldBe(5);
    }

    [Fact]
    public void What_clients_noticed_belongs_to_the_last_fault_before()
    {
        Connected(0.5, "d1");
        Connected(1.5, "d1");
        Connected(6, "d1");
        Connected(6.5, "d2");
        Connected(8.5, "d2");
        Ended(1.2, "d1", "1006 Abnormal");
        Ended(1.3, "d1", "1006 Abnormal");
        Ended(8.4, "d1", "1001 GoingAway");

        var outcomes = FaultOutcome.All([Record(1, 5, 6), Record(8, 9, 9)], _sends, _disturbances);

        outcomes[0].Reconnects.ShouldBe(new Dictionary<string, int> { ["d1"] = 2, ["d2"] = 1 }, ignoreOrder: true);
        outcomes[0].Ends.ShouldBe(new Dictionary<string, int> { ["1006 Abnormal"] = 2 });
        outcomes[1].Reconnects.ShouldBe(new Dictionary<string, int> { ["d2"] = 1 });
        outcomes[1].Ends.ShouldBe(new Dictionary<string, int> { ["1001 GoingAway"] = 1 });
    }

    [Fact]
    public void Connection_that_a_client_makes_for_its_own_sake_is_nobodys_fault()
    {
        Connected(0.5, "d1", "a", isExpected: true);
        Connected(2, "d1", "a"); // fetches what is missing
        Connected(3, "d1", "b"); // was sent there
        Connected(3.5, "d1", "b");
        Ended(4, "d1", "1006 Abnormal");
        Connected(4.5, "d1", "b");
        Connected(2, "d2", "a", isExpected: true);

        Outcome(Record(1, 5, 6)).Reconnects.ShouldBe(new Dictionary<string, int> { ["d1"] = 2 });
    }

    [Fact]
    public void End_that_is_told_after_the_next_connection_was_made_is_not_the_end_of_that_one()
    {
        Connected(2, "d1", "a");
        Ended(2.05, "d1", "1001 GoingAway"); // of the one before
        Connected(4.5, "d1", "a"); // fetches what is missing
        Connected(2, "d2", "a");
        Ended(2.05, "d2", "1001 GoingAway");
        Connected(3.5, "d2", "a"); // soon: it had been lost
        Connected(2, "d3", "a");
        Ended(2.2, "d3", "1001 GoingAway");
        Connected(4.5, "d3", "a");

        Outcome(Record(1, 5, 6)).Reconnects.ShouldBe(new Dictionary<string, int> { ["d1"] = 1, ["d2"] = 2, ["d3"] = 2 }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(ClusterFaults.Rolling, 3, 3, false)]
    [InlineData(ClusterFaults.Rolling, 3, 4, true)]
    [InlineData("remove", 1, 2, true)]
    [InlineData("kill", 0, 9, false)]
    public void Node_that_says_goodbye_costs_a_client_one_connection(string fault, int stopped, int connections, bool isBreach)
    {
        for (var i = 0; i < connections; i++)
        {
            Connected(2, "d1");
        }

        var record = Record(1, 5, 6, fault);
        record.NodesStopped = stopped;

        Outcome(record).Breaches.Any(b => b.Contains("d1 had to connect")).ShouldBe(isBreach);
    }

    [Fact]
    public void Crash_is_a_breach_and_an_end_of_its_own_will_is_not()
    {
        var record = Record(1, 5, 6);

        record.NodeEnded("node-1", 3);
        record.Breaches.ShouldBeEmpty();
        record.NodeEnded("node-2", 134);

        Outcome(record).NodesEnded.ShouldBe(2);
        Outcome(record).Breaches.ShouldHaveSingleItem().ShouldContain("node-2 was ended by a crash, with code 134");
    }

    [Fact]
    public void Fault_that_was_never_healed_takes_everything_after_it()
    {
        Send("a", tried: 100, acknowledged: 101);

        Outcome(Record(1, 0, 0)).Sends.ShouldBe(1);
    }

    private static long At(double second) => (long)(second * Stopwatch.Frequency);

    private static FaultRecord Record(double began, double healed, double quiet, string name = "kill") =>
        new(name, At(began)) { Healed = At(healed), Quiet = At(quiet) };

    private FaultOutcome Outcome(FaultRecord record) => FaultOutcome.All([record], _sends, _disturbances).ShouldHaveSingleItem();

    /// <param name="server">Another one each time if null.</param>
    private void Connected(double at, string device, string? server = null, bool isExpected = false) =>
        _disturbances.Connected(new DeviceConnection(At(at), device, server ?? $"server {++_servers}", isExpected));

    private void Ended(double at, string device, string how) => _disturbances.Ended(new DeviceEnd(At(at), device, how, WasConnected: true));

    private void Send(string channel, double tried, double acknowledged)
    {
        var send = new Send("d1", "u1", $"c{_sends.Count}", "text") { Channel = channel, TriedAt = At(tried) };
        send.Acknowledge(channel, _sends.Count + 1, 1, At(acknowledged));
        _sends.Add(send);
    }
}
