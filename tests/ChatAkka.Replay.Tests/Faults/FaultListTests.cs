using ChatAkka.Replay.Faults;

namespace ChatAkka.Replay.Tests.Faults;

public sealed class FaultListTests
{
    [Fact]
    public void Each_name_stands_as_often_as_it_is_to_happen()
    {
        FaultList.Parse("kill, stop-60s:1", 3).ShouldBe(["kill", "kill", "kill", "stop-60s"]);
        FaultList.Parse("all:2", 9).ShouldBe(ClusterFaults.Names.SelectMany(n => new[] { n, n }));
        FaultList.Parse("", 5).ShouldBeEmpty();
        FaultList.Parse("cut:0", 5).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("flood", "there is no fault 'flood', but kill, kill-coordinator, ")]
    [InlineData("kill:many", "'kill:many' is no fault")]
    [InlineData("kill:1:2", "'kill:1:2' is no fault")]
    public void What_is_no_fault_is_said(string text, string expected) =>
        Should.Throw<FormatException>(() => FaultList.Parse(text, 1)).Message.ShouldStartWith(expected);

    [Fact]
    public void Every_name_makes_a_fault_of_that_name()
    {
        var faults = new ClusterFaults(null!, null, new FaultDurations());

        foreach (var name in ClusterFaults.Names)
        {
            var fault = faults.Create(name);
            (fault.Name, fault.EndsLives).ShouldBe((name, true));
        }

        ClusterFaults.Orderly.Concat(ClusterFaults.OfLinks).Append(ClusterFaults.Store).ShouldBeSubsetOf(ClusterFaults.Names);
    }
}
