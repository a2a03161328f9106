using ChatAkka.Replay.Reports;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>Assertions about whole replays that say first what matters most.</summary>
internal static class Verdicts
{
    public static void ShouldBeClean(this IReadOnlyList<Row> rows)
    {
        rows.Select(r => r.Failure).OfType<string>().ShouldBeEmpty();
        rows.SelectMany(r => r.Findings).Take(3).Select(f => f.ToString()).ShouldBeEmpty();
        ReplayCommand.ExitCode(rows).ShouldBe(ReplayCommand.Clean);
    }
}
