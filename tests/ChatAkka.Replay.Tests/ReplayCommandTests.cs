using System.CommandLine;
using System.Diagnostics;
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

    [Theory]
    [InlineData("--cut", "it takes --postgres as well")]
    [InlineData("--nodes 3", "it takes --postgres as well")]
    [InlineData("--nodes 3 --postgres --kill", "name what happens to a cluster with --faults")]
    [InlineData("--faults kill", "it takes --nodes of more than 1")]
    [InlineData("--nodes 3 --postgres --faults flood", "there is no fault 'flood'")]
    public async Task Options_that_do_not_fit_are_refused(string options, string expected)
    {
        var (code, said) = await RunAsync([_chat.Path, .. options.Split(' '), "--server", typeof(ReplayCommand).Assembly.Location]);

        code.ShouldNotBe(ReplayCommand.Clean);
        said.ShouldContain(expected);
    }

    [Theory]
    [InlineData(null, "set CHATAKKA_POSTGRES to its connection string")]
    [InlineData("Host=127.0.0.1;Port=1;Username=nobody", "on the PostgreSQL server that CHATAKKA_POSTGRES names: Failed to connect")]
    [InlineData("secret", "names: it can't be read")]
    public async Task Missing_postgres_is_said_and_fails(string? named, string expected)
    {
        // In a process of its own, which has an environment of its own; from its own output, where it has all it needs.
        var program = Path.Combine(AppContext.BaseDirectory.Replace(".Tests", "", StringComparison.Ordinal), "ChatAkka.Replay.dll");
        using var process = new Process { StartInfo = new("dotnet") { RedirectStandardOutput = true } };
        foreach (var argument in new[] { program, _chat.Path, "--postgres", "--server", program })
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        process.StartInfo.Environment[PostgresDatabases.Variable] = named;
        process.Start();

        var said = await process.StandardOutput.ReadToEndAsync().Within("the end of the replay");

        await process.WaitForExitAsync().Within("the replay's exit");
        process.ExitCode.ShouldBe(ReplayCommand.Missing, said);
        said.ShouldContain(expected);
        said.ShouldNotContain("secret");
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var code = await ReplayCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
