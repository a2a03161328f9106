using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ChatAkka.Gateway.WebSockets.Handshake;

/// <summary>What a request for a WebSocket says about itself; repeated headers are joined with commas.</summary>
internal sealed record UpgradeRequest
{
    public string? Host { get; init; }

    public string? Connection { get; init; }

    public string? Upgrade { get; init; }

    public string? Version { get; init; }

    public string? Key { get; init; }

    public string? Protocols { get; init; }

    /// <summary>The request announces a body, which no upgrade has.</summary>
    public bool HasBody { get; init; }
}

/// <summary>Reads the head of an HTTP/1.1 request that asks for a WebSocket. Strict: what isn't plainly such a head isn't one.</summary>
internal static class RequestHead
{
    /// <summary>The path of the WebSocket.</summary>
    public const string Path = "/v1/ws";

    /// <summary>Bytes that the whole head may have.</summary>
    public const int MaxBytes = 8 * 1024;

    private static ReadOnlySpan<byte> Start => "GET /v1/ws"u8;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <summary>Reads the head that <paramref name="input"/> begins with; false if there isn't a complete one for the WebSocket.</summary>
    /// <param name="length">The head's, with the empty line that ends it.</param>
    public static bool TryRead(ReadOnlySpan<byte> input, [NotNullWhen(true)] out UpgradeRequest? request, out int length)
    {
        (request, length) = (null, 0);
        if (input.Length <= Start.Length || !input.StartsWith(Start) || input[Start.Length] is not ((byte)' ' or (byte)'?'))
        {
            return false;
        }

        length = input.IndexOf(End) + End.Length;
        return length >= End.Length && TryParse(input[..length], out request);
    }

    private static bool TryParse(ReadOnlySpan<byte> head, [NotNullWhen(true)] out UpgradeRequest? request)
    {
        request = null;
        var text = Encoding.Latin1.GetString(head);
        var lines = text[..^End.Length].Split("\r\n");
        if (!IsRequestLine(lines[0]))
        {
            return false;
        }

        var parsed = new UpgradeRequest();
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':');
            if (colon <= 0 || !IsToken(line.AsSpan(0, colon)) || line.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                return false;
            }

            var value = line[(colon + 1)..].Trim(' ', '\t');
            parsed = line[..colon].ToLowerInvariant() switch
            {
                "host" => parsed with { Host = Join(parsed.Host, value) },
                "connection" => parsed with { Connection = Join(parsed.Connection, value) },
                "upgrade" => parsed with { Upgrade = Join(parsed.Upgrade, value) },
                "sec-websocket-version" => parsed with { Version = Join(parsed.Version, value) },
                "sec-websocket-key" => parsed with { Key = Join(parsed.Key, value) },
                "sec-websocket-protocol" => parsed with { Protocols = Join(parsed.Protocols, value) },
                "content-length" => parsed with { HasBody = parsed.HasBody || value != "0" },
                "transfer-encoding" => parsed with { HasBody = true },
                _ => parsed,
            };
        }

        request = parsed;
        return true;
    }

    private static bool IsRequestLine(string line)
    {
        var parts = line.Split(' ');
        return parts is ["GET", { Length: > 0 }, "HTTP/1.1"];
    }

    private static bool IsToken(ReadOnlySpan<char> name) => !name.ContainsAnyExcept(TokenCharacters);

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static string Join(string? earlier, string value) => earlier is null ? value : $"{earlier},{value}";
}
