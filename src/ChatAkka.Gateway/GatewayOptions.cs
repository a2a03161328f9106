using System.Net;

namespace ChatAkka.Gateway;

/// <summary>Section <c>Gateway</c> of the configuration: how clients know this node.</summary>
public sealed record GatewayOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>The WebSocket URL that clients are told, e.g. <c>wss://chat.example.org/v1/ws</c>; empty derives it from the
    /// request.</summary>
    public string PublicUrl { get; init; } = "";

    /// <summary>Name of this node.</summary>
    public string Node { get; init; } = "node-1";

    /// <summary>Region of this node.</summary>
    public string Region { get; init; } = "local";

    /// <summary>
    /// Addresses of the proxies in front of this node, several separated by <c>;</c>. Of a connection from one of them the client's address
    /// is the last in <c>X-Forwarded-For</c> that isn't one of them; from anybody else that header says nothing.
    /// </summary>
    public string TrustedProxies { get; init; } = "";

    /// <summary>Seconds that clients get at shutdown to answer the close of their sockets.</summary>
    public int DrainSeconds { get; init; } = 5;

    /// <summary><see cref="TrustedProxies"/>, each by itself.</summary>
    internal string[] TrustedProxyTexts =>
        TrustedProxies.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>One sentence for each setting that can't be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (PublicUrl.Length > 0 && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss"))
        {
            yield return "Gateway:PublicUrl must be a ws:// or wss:// URL.";
        }

        if (Node.Length == 0)
        {
            yield return "Gateway:Node must not be empty.";
        }

        if (Region.Length == 0)
        {
            yield return "Gateway:Region must not be empty.";
        }

        foreach (var proxy in TrustedProxyTexts)
        {
            if (!IPAddress.TryParse(proxy, out _))
            {
                yield return $"Gateway:TrustedProxies must be addresses such as 10.0.0.5, separated by ';', but has '{proxy}'.";
            }
        }

        if (DrainSeconds < 0)
        {
            yield return "Gateway:DrainSeconds must not be negative.";
        }
    }
}
