using System.Text.RegularExpressions;
using ChatAkka.Replay.Faults;
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
            "reconnects", "faults", "lost", "duplicated", "out of order", "corrupted",
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

    [Fact]
    public void Faults_are_told_by_kind_over_all_scenarios()
    {
        var kill = new FaultOutcome("kill", 10)
        {
            Affected = 2,
            Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)],
            Lasted = TimeSpan.FromSeconds(4),
            QuietAfter = TimeSpan.FromSeconds(6),
            Reconnects = new Dictionary<string, int> { ["d1"] = 1, ["d2"] = 3 },
            Ends = new Dictionary<string, int> { ["1006 Abnormal"] = 4 },
        };
        var lines = Write(
            Row() with { Faults = [kill, new FaultOutcome("rolling", 5)] },
            Row() with { Faults = [kill with { QuietAfter = TimeSpan.FromSeconds(9) }] }).Split('\n');

        var told = lines.Single(l => l.StartsWith("kill ", StringComparison.Ordinal));
        Regex.Replace(told, " {2,}", "|").ShouldBe("kill|2|4.00|6.00 - 9.00|20|4|6|2.00|3.00|3.00|8|3|0|1006 Abnormal x8");
        Regex.Replace(lines.Single(l => l.StartsWith("rolling ", StringComparison.Ordinal)), " {2,}", "|")
            .ShouldBe("rolling|1|0.00|-|5|0|0|-|-|-|0|0|0|");
    }

    [Fact]
    public void Breach_of_a_fault_or_an_error_in_a_log_is_told_and_fails()
    {
        var breach = Row() with { Faults = [new FaultOutcome("rolling", 1) { Breaches = ["rolling: node-1 ended with code 1"] }] };
        var error = Row() with { Errors = ["node-2: fail: A[1]"] };

        Write(breach).ShouldContain("irc: rolling: node-1 ended with code 1");
        Write(error).ShouldContain("irc: a server logged: node-2: fail: A[1]");
        ReplayCommand.ExitCode([breach]).ShouldBe(ReplayCommand.Broken);
        ReplayCommand.ExitCode([error]).ShouldBe(ReplayCommand.Broken);
    }

    private static string Write(params Row[] rows)
    {
        var output = new StringWriter { NewLine = "\n" };
        Report.Write(output, rows);
        return output.ToString();
    }

    private static Row Row() => new("irc", 1234, TimeSpan.FromSeconds(2), new(), new()) { Deliveries = 5, Reconnects = 1 };
}
