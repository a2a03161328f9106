using System.Text;
using ChatAkka.Gateway.WebSockets.Handshake;

namespace ChatAkka.Gateway.Tests.WebSockets;

public sealed class HandshakeTests
{
    private const string Good =
        "Host: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    [Fact]
    public void The_example_of_the_rfc_is_accepted()
    {
        var answer = Answer($"GET /v1/ws HTTP/1.1\r\n{Good}\r\n");

        (answer.Status, answer.AcceptKey, answer.Protocol).ShouldBe((101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", null));
        Encoding.ASCII.GetString(answer.ToBytes()).ShouldBe(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    }

    [Theory]
    [InlineData("chatakka.v1")]
    [InlineData("other, chatakka.v1")]
    [InlineData("other\r\nSec-WebSocket-Protocol: chatakka.v1")]
    public void The_sub_protocol_is_echoed(string offered)
    {
        var answer = Answer($"GET /v1/ws?x=1 HTTP/1.1\r\n{Good}Sec-WebSocket-Protocol: {offered}\r\n\r\n");
        answer.Protocol.ShouldBe("chatakka.v1");
        Encoding.ASCII.GetString(answer.ToBytes()).ShouldContain("\r\nSec-WebSocket-Protocol: chatakka.v1\r\n");
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 12", 426)]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "", 426)]
    [InlineData("Upgrade: websocket\r\n", "", 426)]
    [InlineData("Upgrade: websocket", "Upgrade: h2c", 426)]
    [InlineData("keep-alive, Upgrade", "keep-alive", 426)]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "not base64 but 24 chars!", 400)]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat", 400)]
    [InlineData("Host: h\r\n", "", 400)]
    [InlineData("Host: h", "Host: h\r\nContent-Length: 5", 400)]
    [InlineData("Host: h", "Host: h\r\nTransfer-Encoding: chunked", 400)]
    public void A_wrong_request_is_refused(string part, string wrong, int status)
    {
        var answer = Answer($"GET /v1/ws HTTP/1.1\r\n{Good.Replace(part, wrong, StringComparison.Ordinal)}\r\n");

        (answer.Status, answer.TellsVersion, answer.ToProblem().Status).ShouldBe((status, status == 426, status));
    }

    [Theory]
    [InlineData("GET /v1/ws HTTP/1.0")]
    [InlineData("GET /v1/ws")]
    [InlineData("GET  /v1/ws HTTP/1.1")]
    [InlineData("GET /v1/ws HTTP/1.1 x")]
    [InlineData("GET /v1/wsx HTTP/1.1")]
    [InlineData("GET /v1/users HTTP/1.1")]
    [InlineData("POST /v1/ws HTTP/1.1")]
    [InlineData("get /v1/ws HTTP/1.1")]
    [InlineData("\r\nGET /v1/ws HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    [InlineData("GET /v1/ws HTTP/1.1\r\n folded: x")]
    [InlineData("GET /v1/ws HTTP/1.1\r\nno colon")]
    [InlineData("GET /v1/ws HTTP/1.1\r\nbad name: x")]
    [InlineData("GET /v1/ws HTTP/1.1\r\nX: a\rb")]
    public void Anything_else_is_left_to_http(string begin) => TryRead($"{begin}\r\n{Good}\r\n", out _, out _).ShouldBeFalse();

    [Fact]
    public void A_head_is_read_when_it_is_complete_and_ends_where_it_ends()
    {
        var head = $"GET /v1/ws?x=1 HTTP/1.1\r\n{Good}\r\n";
        for (var cut = 0; cut < head.Length; cut++)
        {
            TryRead(head[..cut], out _, out _).ShouldBeFalse();
        }

        TryRead(head + "and what follows\r\n\r\n", out _, out var length).ShouldBeTrue();
        length.ShouldBe(head.Length);
    }

    private static HandshakeAnswer Answer(string head)
    {
        TryRead(head, out var request, out _).ShouldBeTrue();
        return HandshakeAnswer.To(request!);
    }

    private static bool TryRead(string first, out UpgradeRequest? request, out int length) =>
        RequestHead.TryRead(Encoding.Latin1.GetBytes(first), out request, out length);
}
