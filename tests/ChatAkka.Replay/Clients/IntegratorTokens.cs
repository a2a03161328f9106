using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace ChatAkka.Replay.Clients;

/// <summary>Signs tokens as a team with accounts of its own does: a JWT, HS256, for one user and one device.</summary>
internal sealed class IntegratorTokens(byte[] key, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>The key as the server's setting <c>Auth:IntegratorKey</c> wants it.</summary>
    public string Key => Convert.ToBase64String(key);

    public static IntegratorTokens WithNewKey(TimeProvider time) => new(RandomNumberGenerator.GetBytes(32), time);

    public string Mint(string subject, string device, string name)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = subject,
            ["device"] = device,
            ["name"] = name,
            ["exp"] = time.GetUtcNow().Add(Life).ToUnixTimeSeconds(),
        };
        var signed = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8) + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, System.Text.Encoding.ASCII.GetBytes(signed)));
    }
}
