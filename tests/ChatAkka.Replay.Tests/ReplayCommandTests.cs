using System.CommandLine;
using ChatAkka.Replay.Tests.EndToEnd;

namespace ChatAkka.Replay.Tests;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly MadeUpChat _chat = new(speakers: 2, lines: 2, pairs: 1);

    public void Dispose() => _chat.Dispose();

    [Fact]
    public async Task Missing_server_is_said_and_fails()
    {
        var (code, said) = await RunAsync(_chat.Path, "--server", "/nowhere/ChatAkka.Server.dll");

        code.ShouldBe(ReplayCommand.Missing);
        said.ShouldContain("no server at '/nowhere/ChatAkka.Server.dll'");
        said.ShouldContain("--server");
    }

    [Fact]
    public async Task Missing_data_is_said_and_fails()
    {
        var (code, said) = await RunAsync("/nowhere/data", "--server", typeof(ReplayCommand).Assembly.Location);

        code.ShouldBe(ReplayCommand.Missing);
        said.ShouldContain("no data directory '/nowhere/data'");
    }

    [Fact]
    public async Task Unknown_scenario_is_said_and_fails()
    {
        var (code, said) = await RunAsync(_chat.Path, "--scenario", "martian", "--server", typeof(ReplayCommand).Assembly.Location);

        code.ShouldBe(ReplayCommand.Missing);
        said.ShouldContain("no scenario 'martian'");
    }

    [Fact]
    public async Task Server_that_ends_at_once_is_said_and_fails()
    {
        // Not a server: this very program, which refuses a server's options.
        var (code, said) = await RunAsync(_chat.Path, "--server", typeof(ReplayCommand).Assembly.Location);

        code.ShouldBe(ReplayCommand.Broken);
        said.ShouldContain("before it was ready");
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var code = await ReplayCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
