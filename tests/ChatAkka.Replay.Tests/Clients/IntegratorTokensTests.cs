using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAkka.Replay.Clients;

namespace ChatAkka.Replay.Tests.Clients;

public sealed class IntegratorTokensTests
{
    [Fact]
    public void Token_is_a_signed_jwt_for_less_than_a_day()
    {
        var key = new byte[32];
        var parts = new IntegratorTokens(key, TimeProvider.System).Mint("sub", "dev", "Näme").Split('.');

        Base64Url.DecodeFromChars(parts[2]).ShouldBe(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        claims.RootElement.GetProperty("sub").GetString().ShouldBe("sub");
        claims.RootElement.GetProperty("device").GetString().ShouldBe("dev");
        var life = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64()) - TimeProvider.System.GetUtcNow();
        life.ShouldBeInRange(TimeSpan.FromHours(1), TimeSpan.FromHours(24));
    }
}
