using System.Net;

namespace ChatAkka.EndToEnd.Tests.Harness.Sockets;

/// <summary>The request that opens a WebSocket; a correct one unless told otherwise.</summary>
internal sealed class UpgradeHeaders : Dictionary<string, string>
{
    public UpgradeHeaders(EndPoint server)
        : base(StringComparer.OrdinalIgnoreCase)
    {
        this["Host"] = server.ToString()!;
        this["Connection"] = "Upgrade";
        this["Upgrade"] = "websocket";
        this["Sec-WebSocket-Version"] = "13";
        this["Sec-WebSocket-Key"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        this["Sec-WebSocket-Protocol"] = "chatakka.v1";
    }

    public string RequestLine { get; set; } = "GET /v1/ws HTTP/1.1";

    public override string ToString() => RequestLine + "\r\n" + string.Concat(this.Select(h => $"{h.Key}: {h.Value}\r\n")) + "\r\n";
}
