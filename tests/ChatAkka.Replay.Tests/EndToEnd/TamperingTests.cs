using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Reports;
using ChatAkka.Replay.Server;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>One event frame is harmed between server and client: the replay must say exactly that.</summary>
public abstract class TamperingTests : IDisposable
{
    private const int Lines = 120;

    private readonly MadeUpChat _chat = new(speakers: 8, Lines, pairs: 40);

    public void Dispose()
    {
        _chat.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Nothing_harmed_is_clean()
    {
        var rows = await ReplayAsync(Tamper.Nothing, "all", victim: 1);

        rows.ShouldBeClean();
    }

    [Theory]
    [InlineData(Tamper.Drop, FindingKind.Lost)]
    [InlineData(Tamper.Double, FindingKind.Duplicated)]
    [InlineData(Tamper.Swap, FindingKind.OutOfOrder)]
    [InlineData(Tamper.Corrupt, FindingKind.Corrupted)]
    internal async Task One_event_harmed_in_a_group_is_exactly_that_finding(Tamper tamper, FindingKind kind) =>
        ShouldBeExactly(await ReplayAsync(tamper, "irc", victim: 200), kind);

    [Theory]
    [InlineData(Tamper.Drop, FindingKind.Lost)]
    [InlineData(Tamper.Double, FindingKind.Duplicated)]
    [InlineData(Tamper.Corrupt, FindingKind.Corrupted)]
    internal async Task One_event_harmed_in_a_chat_of_two_is_exactly_that_finding(Tamper tamper, FindingKind kind) =>
        ShouldBeExactly(await ReplayAsync(tamper, "korean", victim: 30), kind);

    /// <summary>A server that is ready and accepts the tokens; the test disposes it.</summary>
    private protected abstract Task<(IServerHost Server, IntegratorTokens Tokens)> ServerAsync(Tampering tampering);

    private static void ShouldBeExactly(IReadOnlyList<Row> rows, FindingKind kind)
    {
        rows.SelectMany(r => r.Findings).Take(3).Select(f => f.Kind).ShouldBe([kind]);
        ReplayCommand.ExitCode(rows).ShouldBe(ReplayCommand.Broken);
    }

    private async Task<IReadOnlyList<Row>> ReplayAsync(Tamper tamper, string scenario, int victim)
    {
        var tampering = new Tampering(tamper, victim);
        var (server, tokens) = await ServerAsync(tampering);
        await using (server)
        {
            // Nobody goes away: a frame held back must not be lost with its connection, nor a dropped one be repaired by a new one.
            var options = new ReplayOptions { Data = _chat.Path, Scenario = scenario, Pairs = 5, Restless = 0, Stall = tamper == Tamper.Drop ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(20) };
            var rows = await new Replayer(options, TimeProvider.System, TextWriter.Null).RunAsync(server, tokens, CancellationToken.None);
            tampering.IsDone.ShouldBeTrue();
            return rows;
        }
    }
}

/// <summary>Through the fake server.</summary>
public sealed class TamperingWithFakeServerTests : TamperingTests
{
    private protected override async Task<(IServerHost Server, IntegratorTokens Tokens)> ServerAsync(Tampering tampering)
    {
        var proxy = new TamperingProxy(new FakeServer(), tampering);
        await proxy.StartAsync(CancellationToken.None);
        return (proxy, IntegratorTokens.WithNewKey(TimeProvider.System));
    }
}

/// <summary>Through the real one.</summary>
public sealed class TamperingWithRealServerTests(RealServer real) : TamperingTests, IClassFixture<RealServer>
{
    private protected override async Task<(IServerHost Server, IntegratorTokens Tokens)> ServerAsync(Tampering tampering)
    {
        var proxy = new TamperingProxy(real.Borrow(), tampering);
        await proxy.StartAsync(CancellationToken.None);
        return (proxy, real.Tokens);
    }
}
