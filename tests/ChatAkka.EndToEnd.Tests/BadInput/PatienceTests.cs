using System.Text;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>
/// Clients who let the server wait. The times are the protocol's and can't be set, so everything here goes on at the same time.
/// </summary>
public sealed class PatienceTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TricklePace = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Those_who_let_the_server_wait_are_cut_off_and_nobody_else()
    {
        var people = await MeetAsync("idle", "fragmenter", "beater");
        var beater = await ConnectAsync(people[2]);
        using var beating = new CancellationTokenSource();
        var beats = BeatAsync(beater, beating.Token);

        await Task.WhenAll(
            NoHelloAsync(),
            NothingAtAllAsync(),
            HeadTricklesAsync("GET /v1/ws HTTP/1.1\r\n"),
            HeadTricklesAsync("GET /v1/users/me HTTP/1.1\r\n"),
            HelloTricklesAsync(),
            IdleAsync(people[0], socket => Task.CompletedTask),
            IdleAsync(people[1], socket => socket.SendAsync(RawFrame.Text("{\"op\":") with { Final = false })));

        await beating.CancelAsync();
        await beats;
        await beater.SettleAsync();
    }

    private async Task NoHelloAsync()
    {
        using var socket = await RawWebSocket.OpenAsync(Server.Endpoint);

        (await socket.ReadToEndAsync(Limit)).Code.ShouldBe(4401, "no hello");
    }

    private async Task NothingAtAllAsync()
    {
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);

        (await socket.ReadToEndAsync(Limit)).ShouldBe(Closing.Abnormal);
    }

    // Slow loris: a hundred connections that each send a little of a head that never ends.
    private async Task HeadTricklesAsync(string requestLine)
    {
        List<RawWebSocket> sockets = [];
        for (var i = 0; i < 50; i++)
        {
            sockets.Add(await RawWebSocket.ConnectAsync(Server.Endpoint));
            await sockets[i].SendAsync(Encoding.ASCII.GetBytes($"{requestLine}Host: {Server.Endpoint}\r\n"));
        }

        using var pace = new PeriodicTimer(TricklePace);
        using var limit = new CancellationTokenSource(Limit);
        while (sockets.Count > 0)
        {
            (await pace.WaitForNextTickAsync(limit.Token)).ShouldBeTrue();
            foreach (var socket in sockets.ToArray())
            {
                if (!await socket.TrySendAsync("X-Slow: loris\r\n"u8.ToArray()))
                {
                    socket.Dispose();
                    sockets.Remove(socket);
                }
            }
        }
    }

    private async Task HelloTricklesAsync()
    {
        using var socket = await RawWebSocket.OpenAsync(Server.Endpoint);
        var hello = RawFrame.Text(Json.Write(new { op = "hello", @ref = "1", token = new string('x', 500) })).Encode();
        using var pace = new PeriodicTimer(TricklePace);
        var closed = socket.ReadToEndAsync(Limit);
        foreach (var one in hello)
        {
            if (closed.IsCompleted || !await socket.TrySendAsync(new[] { one }))
            {
                break;
            }

            await pace.WaitForNextTickAsync();
        }

        (await closed).Code.ShouldBe(4401, "no hello in time, however busily it trickled in");
    }

    // A session that says nothing more, or nothing whole.
    private async Task IdleAsync(Person person, Func<ChatClient, Task> lastWords)
    {
        var client = await ConnectAsync(person);
        await lastWords(client);

        (await client.ClosedAsync(Limit)).ShouldBe(new Closing(4408, "heartbeat_timeout"));
    }

    private static async Task BeatAsync(ChatClient client, CancellationToken cancel)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(5));
        while (!cancel.IsCancellationRequested)
        {
            await client.SendTextAsync("""{"op":"heartbeat"}""");
            try
            {
                await pace.WaitForNextTickAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
