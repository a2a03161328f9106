
namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>A small replay through the real server: P1 to P5, in under a minute.</summary>
public sealed class RealServerTests(RealServer real) : IClassFixture<RealServer>, IDisposable
{
    private readonly MadeUpChat _chat = new(speakers: 25, lines: 400, pairs: 200);

    public void Dispose() => _chat.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Replay_is_clean_with_and_without_kills(int kills)
    {
        var options = new ReplayOptions { Data = _chat.Path, Kills = kills, Pairs = 40, Seed = 3 };

        var rows = await new Replayer(options, TimeProvider.System, TextWriter.Null).RunAsync(real.Borrow(), real.Tokens, CancellationToken.None);

        rows.ShouldBeClean();
        rows.Select(r => r.Messages).ShouldBe([400, 400, 400]);
        rows.ShouldAllBe(r => r.Faults.Count == kills && r.Reconnects > 0 && r.Repeats > 0);
    }

    [Fact]
    public async Task Command_starts_the_server_replays_and_says_so()
    {
        var output = new StringWriter();

        var code = await ReplayCommand.Create().Parse([_chat.Path, "--scenario", "irc", "--messages", "50", "--kill", "--kills", "1"])
            .InvokeAsync(new() { Output = output, Error = output });

        code.ShouldBe(ReplayCommand.Clean, output.ToString());
        output.ToString().ShouldContain("Every acknowledged text was on every device");
    }

    [SkippableFact]
    public async Task Command_replays_on_postgres_with_kills_and_cuts()
    {
        PostgresServer.Require();
        var output = new StringWriter();

        var code = await ReplayCommand.Create()
            .Parse([_chat.Path, "--scenario", "irc", "--messages", "200", "--postgres", "--kill", "--kills", "1", "--cut", "--cuts", "2"])
            .InvokeAsync(new() { Output = output, Error = output });

        code.ShouldBe(ReplayCommand.Clean, output.ToString());
        output.ToString().ShouldContain("1 kills and 2 cuts in each scenario");
        output.ToString().ShouldContain("cut, fault ");
    }
}
