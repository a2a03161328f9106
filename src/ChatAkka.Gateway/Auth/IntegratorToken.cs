using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAkka.Domain.Accounts;

namespace ChatAkka.Gateway.Auth;

/// <summary>What an integrator's token claims.</summary>
/// <param name="Name">Display name for a new user; null if it says none.</param>
/// <param name="ExpiresAt">Seconds since the Unix epoch.</param>
internal sealed record IntegratorClaims(string Subject, string Device, string? Name, long ExpiresAt);

/// <summary>
/// Verifies the tokens that an integrator signs: a JWT with HS256 and nothing else. Deliberately not a JWT library: what isn't needed
/// (other algorithms, keys from the header, optional expiry) can't be got wrong. Refuses by return value and never throws.
/// </summary>
internal sealed class IntegratorTokenVerifier(byte[] key)
{
    private const int MaxLength = 4096;
    private const int MaxAheadSeconds = 24 * 60 * 60;

    /// <param name="now">Seconds since the Unix epoch.</param>
    public bool TryVerify(string token, long now, [NotNullWhen(true)] out IntegratorClaims? claims)
    {
        claims = null;
        if (token.Length > MaxLength || !Ascii.IsValid(token))
        {
            return false;
        }

        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first <= 0 || last == first || token.AsSpan(first + 1, last - first - 1).Contains('.'))
        {
            return false;
        }

        // The signature comes first: nothing of a token that isn't ours is interpreted, its header included.
        return IsSigned(token.AsSpan(0, last), token.AsSpan(last + 1))
            && TryDecode(token.AsSpan(0, first), out var header) && IsHs256(header)
            && TryDecode(token.AsSpan(first + 1, last - first - 1), out var payload) && TryReadClaims(payload, out claims)
            && claims.ExpiresAt > now && claims.ExpiresAt - now <= MaxAheadSeconds;
    }

    private bool IsSigned(ReadOnlySpan<char> signed, ReadOnlySpan<char> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed.ToArray()), expected);
        return TryDecode(signature, out var given) && CryptographicOperations.FixedTimeEquals(expected, given);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Contains('=') || text.ContainsAny(" \t\r\n") || !Base64Url.IsValid(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    private static bool IsHs256(byte[] header)
    {
        if (!TryParse(header, out var document))
        {
            return false;
        }

        using (document)
        {
            // "crit" would oblige us to understand extensions, and none is.
            return TryString(document.RootElement, "alg", out var algorithm) && algorithm == "HS256"
                && !document.RootElement.TryGetProperty("crit", out _);
        }
    }

    private static bool TryReadClaims(byte[] payload, [NotNullWhen(true)] out IntegratorClaims? claims)
    {
        claims = null;
        if (!TryParse(payload, out var document))
        {
            return false;
        }

        using (document)
        {
            var root = document.RootElement;
            if (!TryString(root, "sub", out var subject) || !ExternalSubject.IsValid(subject)
                || !TryString(root, "device", out var device) || !ExternalSubject.IsValid(device)
                || !root.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number || !exp.TryGetInt64(out var expiresAt))
            {
                return false;
            }

            string? name = null;
            if (root.TryGetProperty("name", out var given)
                && (given.ValueKind != JsonValueKind.String || !TryString(root, "name", out name)))
            {
                return false;
            }

            claims = new IntegratorClaims(subject, device, name, expiresAt);
            return true;
        }
    }

    private static bool TryParse(byte[] json, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException)
        {
            return false;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        document.Dispose();
        document = null;
        return false;
    }

    private static bool TryString(JsonElement element, string name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!element.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            value = member.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            return false;
        }

        return value is not null;
    }
}
