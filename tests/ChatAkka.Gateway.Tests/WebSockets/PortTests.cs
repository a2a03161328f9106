using System.Net.Sockets;
using System.Text;
using ChatAkka.Gateway.Tests.Support;
using Socket = ChatAkka.Gateway.Tests.Support.Socket;

namespace ChatAkka.Gateway.Tests.WebSockets;

/// <summary>One port for HTTP and WebSocket, over real connections.</summary>
public sealed class PortTests : IAsyncLifetime
{
    private const string Upgrade =
        "GET /v1/ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_first_request_for_the_socket_is_served_however_it_trickles_in()
    {
        using var client = await _node.ConnectAsync();
        var stream = client.GetStream();
        foreach (var b in Encoding.ASCII.GetBytes(Upgrade))
        {
            await stream.WriteAsync(new[] { b });
        }

        await ExpectSocketAsync(stream);
    }

    [Fact]
    public async Task A_request_for_the_socket_on_a_used_http_connection_is_served_too()
    {
        using var client = await _node.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        (await ReadHeadAsync(stream)).ShouldStartWith("HTTP/1.1 200 OK\r\n");
        await ReadUntilAsync(stream, "\"ok\"}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Upgrade));
        await ExpectSocketAsync(stream);
    }

    [Fact]
    public async Task A_frame_in_the_same_packet_as_the_head_is_not_lost()
    {
        using var client = await _node.ConnectAsync();
        var stream = client.GetStream();
        byte[] both = [.. Encoding.ASCII.GetBytes(Upgrade), .. ClientBytes.Text("""{"op":"hello","ref":"h","token":"nonsense"}""")];
        await stream.WriteAsync(both);
        (await ReadHeadAsync(stream)).ShouldStartWith("HTTP/1.1 101 ");
        await ReadUntilAsync(stream, "\"code\":\"unauthorized\"");
    }

    [Theory]
    [InlineData("Version: 13", "Version: 8", "426 ")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", "400 ")]
    public async Task A_wrong_handshake_gets_the_same_answer_both_ways(string part, string wrong, string status)
    {
        var request = Encoding.ASCII.GetBytes(Upgrade.Replace(part, wrong, StringComparison.Ordinal));
        using var raw = await _node.ConnectAsync();
        await raw.GetStream().WriteAsync(request);
        (await ReadHeadAsync(raw.GetStream())).ShouldStartWith("HTTP/1.1 " + status);

        using var used = await _node.ConnectAsync();
        await used.GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        await ReadUntilAsync(used.GetStream(), "\"ok\"}");
        await used.GetStream().WriteAsync(request);
        (await ReadHeadAsync(used.GetStream())).ShouldStartWith("HTTP/1.1 " + status);
    }

    [Fact]
    public async Task A_head_that_is_too_large_is_refused()
    {
        using var client = await _node.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/ws HTTP/1.1\r\nX: {new string('x', 8_200)}"));
        (await ReadHeadAsync(client.GetStream())).ShouldStartWith("HTTP/1.1 431 ");
    }

    [Fact]
    public async Task A_node_that_stops_says_goodbye()
    {
        using var client = await _node.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Upgrade));
        await ReadHeadAsync(stream);
        var (token, _, _) = await _node.LogInAsync("kim");
        await stream.WriteAsync(ClientBytes.Text($$"""{"op":"hello","ref":"h","token":"{{token}}"}"""));
        await ReadUntilAsync(stream, "{\"op\":\"synced\"}");
        var stopping = _node.StopAsync();
        await ReadUntilAsync(stream, "going_away");
        await stream.WriteAsync(ClientBytes.Close(1001));
        await stopping.Within("the end of the node");
    }

    private async Task ExpectSocketAsync(NetworkStream stream)
    {
        var head = await ReadHeadAsync(stream);
        head.ShouldStartWith("HTTP/1.1 101 ");
        head.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        var (token, user, _) = await _node.LogInAsync("kim");
        await stream.WriteAsync(ClientBytes.Text($$"""{"op":"hello","ref":"h","token":"{{token}}"}"""));
        await ReadUntilAsync(stream, $"\"user_id\":\"{user}\"");
        await ReadUntilAsync(stream, "{\"op\":\"synced\"}");
        await stream.WriteAsync(ClientBytes.Close(1000));
        var rest = new byte[64];
        while (await stream.ReadAsync(rest).AsTask().Within("the end of the connection") > 0)
        {
            // The close frame, then the end.
        }
    }

    private static Task<string> ReadHeadAsync(NetworkStream stream) => ReadUntilAsync(stream, "\r\n\r\n");

    // Byte by byte, so that nothing of what follows is taken.
    private static async Task<string> ReadUntilAsync(NetworkStream stream, string end)
    {
        var text = new StringBuilder();
        var next = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            (await stream.ReadAsync(next).AsTask().Within($"'{end}' after '{text}'")).ShouldBe(1, $"the end came after '{text}'");
            text.Append((char)next[0]);
        }

        return text.ToString();
    }
}
