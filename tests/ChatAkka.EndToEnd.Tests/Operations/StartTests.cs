using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Operations;

/// <summary>What an operator sees who starts a server: one line that says where it is, or why it isn't.</summary>
public sealed class StartTests : EndToEndTest
{
    [Fact]
    public async Task Ready_server_says_so_in_one_line_with_its_address()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);

        await Wait.UntilAsync("the line is there", () => server.Log.Text.Contains("ready"));
        server.Log.Text.Split('\n').ShouldHaveSingleItem().ShouldContain($"http://{server.Endpoint}");
    }

    [Theory]
    [InlineData("Chat:MaxGroupSize", "0")]
    [InlineData("Limits:SocketBurst", "-1")]
    [InlineData("Limits:OutboundBytes", "10")]
    [InlineData("Auth:IntegratorKey", "c2hvcnQ=")]
    [InlineData("Storage:ReaderConnections", "0")]
    [InlineData("Chat:MaxGroupSize", "many")]
    public async Task Setting_that_can_not_be_used_is_named_and_nothing_starts(string setting, string value)
    {
        var (code, output) = await RunAsync("--" + setting, value);

        code.ShouldNotBe(0);
        output.ShouldContain(setting);
        output.ShouldNotContain("   at ", Case.Sensitive, "a sentence for people, not a stack trace");
    }

    [Fact]
    public async Task Second_server_on_the_same_data_refuses_to_start_and_harms_nothing()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync("anna", "ben");
        var anna = await ConnectAsync(people[0]);
        await anna.PostToAsync(people[1].UserId, "c1", "before the second server");

        var (code, output) = await RunAsync("--Storage:DataDirectory", server.DataDirectory);

        code.ShouldNotBe(0);
        output.ShouldContain(server.DataDirectory);
        (await anna.PostToAsync(people[1].UserId, "c2", "after the second server")).Id.ShouldBe(3);
    }

    [Fact]
    public async Task Server_without_its_address_says_so_and_ends()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);

        var (code, output) = await RunAsync("--urls", server.Address.ToString());

        code.ShouldNotBe(0);
        output.ShouldContain(server.Endpoint.Port.ToString());
        output.ShouldNotContain("   at ", Case.Sensitive, "a sentence for people, not a stack trace");
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var data = new TemporaryDirectory();
        return await ServerProgram.RunAsync(
            ["--urls", $"http://127.0.0.1:{Ports.Next()}", "--Storage:DataDirectory", data.Path, .. arguments], data.Path);
    }
}
