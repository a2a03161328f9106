using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Reports;

namespace ChatAkka.Replay.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void Table_has_a_column_for_each_figure()
    {
        var lines = Write(Row()).Split('\n');

        foreach (var title in new[]
        {
            "messages", "deliveries", "seconds", "messages/s", "ack p50", "ack p99", "delivery p50", "delivery p99",
            "reconnects", "kills", "lost", "duplicated", "out of order", "corrupted",
            "misfolded", "receipts back", "unread wrong", "leaked", "gaps repaired", "deeds",
        })
        {
            lines[0].ShouldContain(title);
        }

        lines[1].ShouldStartWith("irc");
        lines[1].ShouldContain("1,234");
    }

    [Fact]
    public void Finding_is_told_with_channel_id_and_device()
    {
        var row = Row() with { Findings = [new Finding(FindingKind.Lost, "77", 12, "p3.d1", "never saw it")] };

        Write(row).ShouldContain("irc: Lost: channel 77, id 12, p3.d1: never saw it");
        ReplayCommand.ExitCode([row]).ShouldBe(ReplayCommand.Broken);
    }

    [Fact]
    public void Only_the_first_findings_are_told_and_the_rest_counted()
    {
        var row = Row() with { Findings = [.. Enumerable.Range(1, 14).Select(id => new Finding(FindingKind.Corrupted, "1", id, "d", "x"))] };

        Write(row).ShouldContain("and 4 more");
    }

    [Fact]
    public void Scenario_that_did_not_end_or_sent_nothing_is_broken()
    {
        var broken = Row() with { Failure = "nothing moved for 20 s; waiting for x" };

        Write(broken).ShouldContain("did not play to its end");
        ReplayCommand.ExitCode([broken]).ShouldBe(ReplayCommand.Broken);
        ReplayCommand.ExitCode([Row() with { Messages = 0 }]).ShouldBe(ReplayCommand.Broken);
        ReplayCommand.ExitCode([]).ShouldBe(ReplayCommand.Broken);
        ReplayCommand.ExitCode([Row()]).ShouldBe(ReplayCommand.Clean);
    }

    private static string Write(Row row)
    {
        var output = new StringWriter { NewLine = "\n" };
        Report.Write(output, [row]);
        return output.ToString();
    }

    private static Row Row() => new("irc", 1234, TimeSpan.FromSeconds(2), new(), new()) { Deliveries = 5, Reconnects = 1 };
}
