using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Operations;

/// <summary>What clients see of a server that stops.</summary>
public sealed class StopTests : EndToEndTest
{
    [SkippableFact]
    public async Task Stopping_says_goodbye_to_every_socket_and_ends_well()
    {
        Skip.If(OperatingSystem.IsWindows(), "Stops the server with SIGTERM, which Windows hasn't; run it on Linux or macOS.");
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var client = await ConnectAsync(await MeetAsync("leaver"));

        (await server.StopAsync()).ShouldBe(0, server.Log.Text);

        (await client.ClosedAsync()).Code.ShouldBe(1001);
    }

    [SkippableFact]
    public async Task Stopping_server_is_not_ready_takes_no_new_sockets_and_does_not_wait_for_ever()
    {
        Skip.If(OperatingSystem.IsWindows(), "Stops the server with SIGTERM, which Windows hasn't; run it on Linux or macOS.");
        var server = await StartServerAsync(ServerSettings.Unlimited);
        using var stubborn = await RawWebSocket.OpenAsync(server.Endpoint);
        await stubborn.SendAsync(RawFrame.Ping());
        (await stubborn.ReceiveAsync()).ShouldNotBeNull().OpCode.ShouldBe(RawFrame.PongCode);

        // It won't answer the server's close.
        server.BeginStop();

        await Wait.UntilAsync(
            "the server isn't ready any more",
            async () => await ServerProcess.AskReadinessAsync(server.Address) is (HttpStatusCode.ServiceUnavailable, _));
        List<RawWebSocket> sockets = [stubborn];
        await Wait.UntilAsync("new sockets are refused", async () =>
        {
            var late = await RawWebSocket.ConnectAsync(server.Endpoint);
            sockets.Add(late);
            var answer = await late.UpgradeAsync(new UpgradeHeaders(server.Endpoint));
            answer.Status.ShouldBeOneOf(101, 503);
            return answer.Status == 503;
        });
        foreach (var accepted in sockets[..^1])
        {
            (await accepted.ReadToEndAsync()).Code.ShouldBe(1001);
        }

        (await server.EndOfStopAsync()).ShouldBe(0);
        sockets.ForEach(s => s.Dispose());
    }
}
