using System.Net.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>A process that may open no more files serves whom it has, and everyone again when there is room.</summary>
public sealed class OutOfFilesTests : BadInputTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // With 256 a server has hardly more than the files that it needs itself.
    [SkippableTheory]
    [InlineData(256)]
    [InlineData(400)]
    public async Task Server_out_of_files_serves_whom_it_has_and_recovers(int limit)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Limits the server's open files with the shell's ulimit; run it on Linux.");
        Skip.If(limit < 400 && ServerProgram.IsOnAkkaNet, "A node on Akka.NET's packages has more files open than that when nobody is connected.");
        var server = await StartWithBystandersAsync(ServerSettings.Unlimited with { Preparation = $"ulimit -n {limit}" });
        var people = await MeetAsync("early", "other");
        var early = await ConnectAsync(people[0]);

        for (var round = 0; round < 3; round++)
        {
            var sockets = await Task.WhenAll(Enumerable.Range(0, 3 * limit).Select(_ => TryConnectAsync(server)));

            server.OpenFiles().ShouldBeLessThanOrEqualTo(limit);
            await early.PostToAsync(people[1].UserId, $"c{round}", $"with all files in use, round {round}");
            await Bystanders.ChatOnAsync();
            foreach (var socket in sockets)
            {
                socket?.Dispose();
            }

            await Wait.UntilAsync("the server takes sockets again", () => TryOpenAsync(server));
            var device = At(people[0], $"device-{round}");
            await Wait.UntilAsync("a new device is served", () => TryServeAsync(device));
        }
    }

    // Whether a server that is full refuses, or lets the kernel keep them waiting, is its own affair.
    private static async Task<RawWebSocket?> TryConnectAsync(ServerProcess server)
    {
        try
        {
            return await RawWebSocket.ConnectAsync(server.Endpoint, limit: Patience);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return null;
        }
    }

    // It may still be busy with those who have gone.
    private static async Task<bool> TryOpenAsync(ServerProcess server)
    {
        using var socket = await TryConnectAsync(server);
        return socket is not null
            && await socket.TrySendAsync(System.Text.Encoding.ASCII.GetBytes(new UpgradeHeaders(server.Endpoint).ToString()))
            && await socket.ReceiveAnyAsync();
    }

    // With hardly any room, one that has just gone and isn't forgotten yet is enough to be refused. A client comes back then.
    private async Task<bool> TryServeAsync(Person device)
    {
        try
        {
            await (await ConnectAsync(device)).CloseAsync();
            return true;
        }
        catch (Exception e) when (e is SocketException or ConnectionLostException or ShouldAssertException)
        {
            return false;
        }
    }
}
