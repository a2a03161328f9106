using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ChatAkka.Gateway.WebSockets.Handshake;

/// <summary>What a request for a WebSocket says about itself; repeated headers are joined with commas.</summary>
internal sealed class UpgradeRequest
{
    public string? Host { get; set; }

    public string? Connection { get; set; }

    public string? Upgrade { get; set; }

    public string? Version { get; set; }

    public string? Key { get; set; }

    public string? Protocols { get; set; }

    /// <summary>The request announces a body, which no upgrade has.</summary>
    public bool HasBody { get; set; }
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
        head = head[..^End.Length];
        if (!IsRequestLine(NextLine(ref head)))
        {
            return false;
        }

        var parsed = new UpgradeRequest();
        while (!head.IsEmpty)
        {
            var line = NextLine(ref head);
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenCharacters) || line.ContainsAny((byte)'\r', (byte)'\n', (byte)0))
            {
                return false;
            }

            Take(parsed, line[..colon], line[(colon + 1)..].Trim(" \t"u8));
        }

        request = parsed;
        return true;
    }

    // Only what matters becomes a string: a browser sends ten headers more.
    private static void Take(UpgradeRequest request, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Is(name, "host"u8))
        {
            request.Host = Join(request.Host, value);
        }
        else if (Is(name, "connection"u8))
        {
            request.Connection = Join(request.Connection, value);
        }
        else if (Is(name, "upgrade"u8))
        {
            request.Upgrade = Join(request.Upgrade, value);
        }
        else if (Is(name, "sec-websocket-version"u8))
        {
            request.Version = Join(request.Version, value);
        }
        else if (Is(name, "sec-websocket-key"u8))
        {
            request.Key = Join(request.Key, value);
        }
        else if (Is(name, "sec-websocket-protocol"u8))
        {
            request.Protocols = Join(request.Protocols, value);
        }
        else if (Is(name, "transfer-encoding"u8) || (Is(name, "content-length"u8) && !value.SequenceEqual("0"u8)))
        {
            request.HasBody = true;
        }
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> header) => Ascii.EqualsIgnoreCase(name, header);

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 2)..];
        return line;
    }

    private static bool IsRequestLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> method = "GET "u8, version = " HTTP/1.1"u8;
        return line.Length > method.Length + version.Length && line.StartsWith(method) && line.EndsWith(version)
            && !line[method.Length..^version.Length].Contains((byte)' ');
    }

    private static readonly SearchValues<byte> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static string Join(string? earlier, ReadOnlySpan<byte> value)
    {
        var text = Encoding.Latin1.GetString(value);
        return earlier is null ? text : $"{earlier},{text}";
    }
}
