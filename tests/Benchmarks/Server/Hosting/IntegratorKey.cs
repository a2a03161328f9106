using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Benchmarks.Server.Hosting;

/// <summary>The key of one run's server, and tokens signed with it (docs/protocol.md, integrator tokens): users without sign-up.</summary>
internal sealed class IntegratorKey
{
    private const int Bytes = 32;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(12);

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>As <c>Auth:IntegratorKey</c> wants it.</summary>
    public string Setting => Convert.ToBase64String(_key);

    public string Token(string user, string device)
    {
        var claims = new { sub = user, device, exp = DateTimeOffset.UtcNow.Add(Validity).ToUnixTimeSeconds() };
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(signed)))}";
    }
}
