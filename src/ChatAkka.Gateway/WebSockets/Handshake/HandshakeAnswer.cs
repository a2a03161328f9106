using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;

namespace ChatAkka.Gateway.WebSockets.Handshake;

/// <summary>The answer to a request for a WebSocket (RFC 6455, section 4.2), on a raw connection and through Kestrel's HTTP
/// alike.</summary>
/// <param name="Status">101 or an error.</param>
/// <param name="Detail">For people, if it is an error.</param>
/// <param name="AcceptKey">Proves that the handshake was understood, if it is 101.</param>
/// <param name="Protocol">The sub-protocol that both speak; null if the client offered none.</param>
internal sealed record HandshakeAnswer(int Status, string? Detail, string? AcceptKey, string? Protocol)
{
    private static readonly HandshakeAnswer Malformed = Refuse(400, "The request is malformed.");

    /// <summary>The node is draining or not ready yet.</summary>
    public static readonly HandshakeAnswer Unavailable = Refuse(503, "The node takes no connections now.");

    private const string SupportedVersion = "13";
    private const int KeyLength = 24;

    private static ReadOnlySpan<byte> KeySuffix => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    public bool IsAccepted => Status == 101;

    /// <summary>The client is told which version of RFC 6455 there is.</summary>
    public bool TellsVersion => Status == 426;

    /// <summary>Decides.</summary>
    public static HandshakeAnswer To(UpgradeRequest request)
    {
        if (string.IsNullOrEmpty(request.Host) || request.HasBody)
        {
            return Malformed;
        }

        if (!HasToken(request.Upgrade, "websocket") || !HasToken(request.Connection, "upgrade"))
        {
            return Refuse(426, "This path is a WebSocket.");
        }

        if (request.Version != SupportedVersion)
        {
            return Refuse(426, "Only version 13 of the WebSocket protocol is spoken.");
        }

        if (!IsKey(request.Key))
        {
            return Refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64.");
        }

        var offers = !string.IsNullOrWhiteSpace(request.Protocols);
        if (offers && !HasToken(request.Protocols, ProtocolLimits.SubProtocol, StringComparison.Ordinal))
        {
            return Refuse(400, "The only sub-protocol is chatakka.v1.");
        }

        return new HandshakeAnswer(101, null, AcceptKeyOf(request.Key!), offers ? ProtocolLimits.SubProtocol : null);
    }

    /// <summary>What is written to a raw connection that is accepted.</summary>
    public byte[] ToBytes()
    {
        var protocol = Protocol is null ? "" : $"Sec-WebSocket-Protocol: {Protocol}\r\n";
        return Encoding.ASCII.GetBytes(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Accept: {AcceptKey}\r\n{protocol}\r\n");
    }

    /// <summary>The error's body.</summary>
    public ProblemBody ToProblem()
    {
        var code = Status == 503 ? ErrorCodes.Unavailable : ErrorCodes.BadRequest;
        return new ProblemBody("about:blank", Phrase, Status, Detail, code.Name, code.Retryable ? 1_000 : null);
    }

    private string Phrase => Status switch
    {
        426 => "Upgrade Required",
        503 => "Service Unavailable",
        _ => "Bad Request",
    };

    private static HandshakeAnswer Refuse(int status, string detail) => new(status, detail, null, null);

    private static bool IsKey(string? key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key is { Length: KeyLength } && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }

    private static string AcceptKeyOf(string key)
    {
        Span<byte> proof = stackalloc byte[KeyLength + KeySuffix.Length];
        Encoding.ASCII.GetBytes(key, proof);
        KeySuffix.CopyTo(proof[KeyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];

        // SHA-1 is what the RFC prescribes; it proves understanding, not identity.
#pragma warning disable CA5350
        SHA1.HashData(proof, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static bool HasToken(string? list, string token, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        var all = list.AsSpan();
        foreach (var part in all.Split(','))
        {
            if (all[part].Trim().Equals(token, comparison))
            {
                return true;
            }
        }

        return false;
    }
}
