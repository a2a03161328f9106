using System.Buffers;
using System.Text;
using ChatAkka.Gateway.Tests.Support;
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
    [InlineData("Host: h", "Host: h\r\n folded: x", 400)]
    [InlineData("Host: h", "Host: h\r\nno colon", 400)]
    [InlineData("Host: h", "Host: h\r\nbad name: x", 400)]
    [InlineData("Host: h", "Host: h\r\nX: a\rb", 400)]
    public void A_wrong_head_is_refused(string part, string wrong, int status)
    {
        var answer = Answer($"GET /v1/ws HTTP/1.1\r\n{Good.Replace(part, wrong, StringComparison.Ordinal)}\r\n");

        answer.Status.ShouldBe(status);
        var bytes = Encoding.ASCII.GetString(answer.ToBytes());
        bytes.ShouldStartWith($"HTTP/1.1 {status} ");
        bytes.ShouldContain("\r\nConnection: close\r\n");
        bytes.Contains("\r\nSec-WebSocket-Version: 13\r\n", StringComparison.Ordinal).ShouldBe(status == 426);
    }

    [Theory]
    [InlineData("GET /v1/ws HTTP/1.0")]
    [InlineData("GET /v1/ws")]
    [InlineData("GET  /v1/ws HTTP/1.1")]
    [InlineData("GET /v1/ws HTTP/1.1 x")]
    public void A_wrong_request_line_is_refused(string line) => Answer($"{line}\r\n{Good}\r\n").Status.ShouldBe(400);

    [Theory]
    [InlineData("", 0)]
    [InlineData("G", 0)]
    [InlineData("GET /v1/ws", 0)]
    [InlineData("GET /v1/ws ", 1)]
    [InlineData("GET /v1/ws?", 1)]
    [InlineData("GET /v1/wsx", 2)]
    [InlineData("GET /v1/users", 2)]
    [InlineData("POST /v1/ws", 2)]
    [InlineData("get /v1/ws ", 2)]
    [InlineData("PRI * HTTP/2.0", 2)]
    [InlineData("\r\nGET /v1/ws ", 2)]
    public void The_first_bytes_decide(string first, int expected)
    {
        var bytes = Encoding.ASCII.GetBytes(first);
        RequestHead.Recognise(new ReadOnlySequence<byte>(bytes)).ShouldBe((FirstRequest)expected);
        RequestHead.Recognise(ClientBytes.InPieces(bytes, 1, 1, 3)).ShouldBe((FirstRequest)expected);
    }

    [Fact]
    public void The_end_of_the_head_is_found_in_any_pieces()
    {
        var head = Encoding.ASCII.GetBytes($"GET /v1/ws HTTP/1.1\r\n{Good}\r\n");
        byte[] all = [.. head, 1, 2, 3];
        for (var cut = 0; cut < all.Length; cut++)
        {
            RequestHead.FindEnd(ClientBytes.InPieces(all, cut)).ShouldBe(head.Length);
            RequestHead.FindEnd(new ReadOnlySequence<byte>(all, 0, cut)).ShouldBe(cut < head.Length ? -1 : head.Length);
        }
    }

    private static HandshakeAnswer Answer(string head) =>
        RequestHead.TryParse(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(head)), out var request) ? HandshakeAnswer.To(request) : HandshakeAnswer.Malformed;
}
