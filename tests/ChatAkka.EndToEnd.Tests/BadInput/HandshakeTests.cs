using System.Text;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>Requests for a WebSocket that aren't quite.</summary>
public sealed class HandshakeTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    public static TheoryData<string, string, string?, int> Wrong => new()
    {
        { "an old version", "Sec-WebSocket-Version", "8", 426 },
        { "a version to come", "Sec-WebSocket-Version", "14", 426 },
        { "no version", "Sec-WebSocket-Version", null, 426 },
        { "no key", "Sec-WebSocket-Key", null, 400 },
        { "a short key", "Sec-WebSocket-Key", "c2hvcnQ=", 400 },
        { "a long key", "Sec-WebSocket-Key", "dGhpcyBrZXkgaXMgbXVjaCB0b28gbG9uZw==", 400 },
        { "a key that isn't base64", "Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!==", 400 },
        { "no upgrade", "Upgrade", null, 426 },
        { "an upgrade to something else", "Upgrade", "h2c", 426 },
        { "no connection header", "Connection", null, 426 },
        { "a connection header that doesn't upgrade", "Connection", "keep-alive", 426 },
        { "another sub-protocol", "Sec-WebSocket-Protocol", "soap", 400 },
        { "a later sub-protocol", "Sec-WebSocket-Protocol", "chatakka.v2", 400 },
        { "a body", "Content-Length", "5", 400 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Upgrade_with_a_wrong_header_is_refused(string what, string header, string? value, int status)
    {
        var request = new UpgradeHeaders(Server.Endpoint);
        request.Remove(header);
        if (value is not null)
        {
            request[header] = value;
        }

        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
        var answer = await socket.UpgradeAsync(request);

        answer.Status.ShouldBe(status, what);
        answer.Headers["Content-Type"].ShouldStartWith("application/problem+json");
        Json.Read(answer.Body).String("code").ShouldBe("bad_request");
        if (status == 426)
        {
            answer.Headers["Sec-WebSocket-Version"].ShouldBe("13");
        }
    }

    [Fact]
    public async Task Request_without_a_host_is_none()
    {
        var request = new UpgradeHeaders(Server.Endpoint);
        request.Remove("Host");
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);

        (await socket.UpgradeAsync(request)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("POST /v1/ws HTTP/1.1")]
    [InlineData("GET /v1/ws HTTP/1.0")]
    [InlineData("GET /v1/ws HTTP/9.9")]
    [InlineData("GET /v1/ws")]
    [InlineData("GET  /v1/ws HTTP/1.1")]
    [InlineData("\u0016\u0003\u0001")]
    public async Task Strange_request_line_gets_no_socket(string line)
    {
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);

        var answer = await socket.UpgradeAsync(new UpgradeHeaders(Server.Endpoint) { RequestLine = line });

        answer.Status.ShouldBeInRange(400, 505);
    }

    [Fact]
    public async Task Second_request_of_a_connection_can_be_the_upgrade()
    {
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: {Server.Endpoint}\r\n\r\n"));
        (await socket.ReadHeadAsync()).Status.ShouldBe(200);

        (await socket.UpgradeAsync(new UpgradeHeaders(Server.Endpoint))).Status.ShouldBe(101);
        var person = await MeetAsync("late");
        await socket.SendAsync(RawFrame.Text(Json.Write(new { op = "hello", @ref = "1", token = person.Token })));

        new Frame((await socket.ReceiveAsync())!.Text).ShouldBeOk();
        new Frame((await socket.ReceiveAsync())!.Text).Op.ShouldBe("synced");
        await socket.SendAsync(RawFrame.Text("no json"));
        (await socket.ReadToEndAsync()).Code.ShouldBe(4400);
    }

    [Fact]
    public async Task Frames_in_the_same_packet_as_the_upgrade_are_served()
    {
        var person = await MeetAsync("eager");
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
        var hello = RawFrame.Text(Json.Write(new { op = "hello", @ref = "1", token = person.Token })).Encode();

        await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(new UpgradeHeaders(Server.Endpoint).ToString()), .. hello]);

        (await socket.ReadHeadAsync()).Status.ShouldBe(101);
        new Frame((await socket.ReceiveAsync())!.Text).ShouldBeOk();
    }

    [Fact]
    public async Task Enormous_head_is_refused()
    {
        using var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
        var start = Encoding.ASCII.GetBytes($"GET /v1/ws HTTP/1.1\r\nHost: {Server.Endpoint}\r\n");
        var header = Encoding.ASCII.GetBytes($"X-Filler: {new string('x', 1000)}\r\n");
        await socket.SendAsync(start);

        // What was sent tells little: the kernels between take megabytes before the server is asked.
        await Wait.UntilAsync("the server takes no more", async () => !await socket.TrySendAsync(header));
    }

    [Fact]
    public async Task Connections_that_say_nothing_and_vanish_harm_nobody()
    {
        for (var i = 0; i < 200; i++)
        {
            var socket = await RawWebSocket.ConnectAsync(Server.Endpoint);
            if (i % 2 == 0)
            {
                await socket.SendAsync("GET /v1/w"u8.ToArray());
            }

            if (i % 3 == 0)
            {
                socket.Reset();
            }
            else
            {
                socket.Dispose();
            }
        }

        await Bystanders.ChatOnAsync();
    }
}
