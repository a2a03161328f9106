using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>Integrator tokens, right and wrong.</summary>
internal static class Tokens
{
    private static readonly object Hs256 = new { alg = "HS256", typ = "JWT" };

    /// <summary>A good one.</summary>
    public static string Mint(byte[] key, string sub, string device) =>
        Sign(key, Hs256, new { sub, device, exp = In(TimeSpan.FromHours(1)) });

    /// <summary>A well-signed one with any claims.</summary>
    public static string Sign(byte[] key, object claims) => Sign(key, Hs256, claims);

    /// <summary>Any header and claims over an HMAC with SHA-256.</summary>
    public static string Sign(byte[] key, object header, object claims)
    {
        var content = $"{Part(header)}.{Part(claims)}";
        return $"{content}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(content)))}";
    }

    /// <summary>One that nobody signed.</summary>
    public static string Unsigned(object claims) => $"{Part(new { alg = "none", typ = "JWT" })}.{Part(claims)}.";

    /// <summary>Seconds since the Unix epoch, so much ahead of now.</summary>
    public static long In(TimeSpan ahead) => DateTimeOffset.UtcNow.Add(ahead).ToUnixTimeSeconds();

    private static string Part(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
