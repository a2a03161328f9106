using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Reports;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>The whole replay against a server that keeps its promises in memory, and against ones that break one of them.</summary>
public sealed class FakeServerTests : IDisposable
{
    // Many, though it takes few: a server in memory acknowledges so fast that most moments for a kill are over when it comes.
    private readonly MadeUpChat _chat = new(speakers: 10, lines: 1500, pairs: 400);

    public void Dispose() => _chat.Dispose();

    [Fact]
    public async Task Replay_through_a_server_that_keeps_its_promises_is_clean()
    {
        var rows = await ReplayAsync(Fault.None, kills: 3, "all");

        rows.ShouldBeClean();
        rows.Select(r => r.Messages).ShouldBe([1500, 1500, 800]);
        rows.ShouldAllBe(r => r.Faults.Count == 3 && r.Reconnects > 0 && r.Deliveries > r.Messages);
    }

    [Theory]
    [InlineData(Fault.ForgetsAtKill, FindingKind.Lost)]
    [InlineData(Fault.StoresRepeats, FindingKind.Duplicated)]
    [InlineData(Fault.HidesFromHistory, FindingKind.Lost)]
    [InlineData(Fault.EchoesSends, FindingKind.Duplicated)]
    internal async Task Replay_through_a_server_that_breaks_a_promise_says_which(Fault fault, FindingKind kind)
    {
        var rows = await ReplayAsync(fault, kills: 3, "irc");

        rows.Sum(r => r.Count(kind)).ShouldBeGreaterThan(0);
        ReplayCommand.ExitCode(rows).ShouldBe(ReplayCommand.Broken);
    }

    [Theory]
    [InlineData(Fault.ShowsOldTexts, FindingKind.Misfolded)]
    [InlineData(Fault.KeepsReactions, FindingKind.Misfolded)]
    [InlineData(Fault.TellsOldReceipts, FindingKind.ReceiptBack)]
    [InlineData(Fault.ForgetsReads, FindingKind.UnreadWrong)]
    [InlineData(Fault.CountsEditsAsUnread, FindingKind.UnreadWrong)]
    [InlineData(Fault.DeliversToLeavers, FindingKind.Leaked)]
    [InlineData(Fault.ServesLeavers, FindingKind.Leaked)]
    internal async Task Replay_through_a_server_that_misleads_its_members_says_how(Fault fault, FindingKind kind)
    {
        using var few = new MadeUpChat(speakers: 10, lines: 250, pairs: 1);

        var rows = await ReplayAsync(fault, kills: 0, "irc", few);

        rows.Sum(r => r.Count(kind)).ShouldBeGreaterThan(0);
        ReplayCommand.ExitCode(rows).ShouldBe(ReplayCommand.Broken);
    }

    [Fact]
    public async Task Replay_that_gets_no_answer_ends_and_names_what_it_waited_for()
    {
        var rows = await ReplayAsync(Fault.SwallowsASend, kills: 0, "irc");

        rows[0].Failure.ShouldNotBeNull().ShouldStartWith("nothing moved for 3 s; waiting for the ok for send ");
        ReplayCommand.ExitCode(rows).ShouldBe(ReplayCommand.Broken);
    }

    private async Task<IReadOnlyList<Row>> ReplayAsync(Fault fault, int kills, string scenario, MadeUpChat? chat = null)
    {
        await using var server = new FakeServer(fault);
        await server.StartAsync(CancellationToken.None);
        var options = new ReplayOptions
        {
            Data = (chat ?? _chat).Path,
            Scenario = scenario,
            Kills = kills,
            Pairs = 10,
            Speakers = 10,
            Stall = TimeSpan.FromSeconds(fault == Fault.None ? 20 : 3),

            // In memory they show at once; those of a server that breaks its promises may never.
            CursorsWithin = TimeSpan.FromSeconds(fault == Fault.None ? 10 : 1),
        };
        return await new Replayer(options, TimeProvider.System, TextWriter.Null)
            .RunAsync(server, IntegratorTokens.WithNewKey(TimeProvider.System), CancellationToken.None);
    }
}
