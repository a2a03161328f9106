using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ChatAkka.Gateway.Auth;

/// <summary>
/// The secret of a device session: 256 random bits in base64url. It is stored as its SHA-256 only; with that much randomness a salt or a
/// slow hash would add nothing.
/// </summary>
internal static class SessionToken
{
    private const int Bytes = 32;
    private const int Characters = 43;

    /// <summary>A new token.</summary>
    public static string Create()
    {
        Span<byte> secret = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(secret);
        return Base64Url.EncodeToString(secret);
    }

    /// <summary>What a token is stored as; false if the text can't be a token.</summary>
    public static bool TryHash(string token, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = token.Length == Characters && Base64Url.IsValid(token) ? SHA256.HashData(Encoding.ASCII.GetBytes(token)) : null;
        return hash is not null;
    }
}
