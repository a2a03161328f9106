using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChatAkka.Gateway.Auth;

namespace ChatAkka.Gateway.Tests.Auth;

public sealed class IntegratorTokenTests
{
    private const long Now = 1_800_000_000;
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";
    private const string Payload = """{"sub":"user-1","device":"phone.2","name":"김","exp":1800003600}""";

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private readonly IntegratorTokenVerifier _verifier = new(Key);

    [Fact]
    public void A_good_token_is_accepted()
    {
        _verifier.TryVerify(Sign(Header, Payload), Now, out var claims).ShouldBeTrue();
        claims.ShouldBe(new IntegratorClaims("user-1", "phone.2", "김", 1_800_003_600));
    }

    [Fact]
    public void The_name_is_optional()
    {
        _verifier.TryVerify(Sign(Header, """{"sub":"a","device":"b","exp":1800000001,"iat":"whatever"}"""), Now, out var claims)
            .ShouldBeTrue();
        claims!.Name.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"],"exp":1}""")]
    [InlineData("""["HS256"]""")]
    [InlineData("not json")]
    public void Any_other_header_is_refused_even_if_signed(string header) => Refuse(Sign(header, Payload));

    [Theory]
    [InlineData("""{"device":"b","exp":1800003600}""")]
    [InlineData("""{"sub":"","device":"b","exp":1800003600}""")]
    [InlineData("""{"sub":"a b","device":"b","exp":1800003600}""")]
    [InlineData("""{"sub":5,"device":"b","exp":1800003600}""")]
    [InlineData("""{"sub":"\ud800","device":"b","exp":1800003600}""")]
    [InlineData("""{"sub":"a","exp":1800003600}""")]
    [InlineData("""{"sub":"a","device":"b/c","exp":1800003600}""")]
    [InlineData("""{"sub":"a","device":"b"}""")]
    [InlineData("""{"sub":"a","device":"b","exp":"1800003600"}""")]
    [InlineData("""{"sub":"a","device":"b","exp":1800003600.5}""")]
    [InlineData("""{"sub":"a","device":"b","exp":1800000000}""")]
    [InlineData("""{"sub":"a","device":"b","exp":-9223372036854775808}""")]
    [InlineData("""{"sub":"a","device":"b","exp":9223372036854775807}""")]
    [InlineData("""{"sub":"a","device":"b","exp":1800086401}""")]
    [InlineData("""{"sub":"a","device":"b","exp":1800003600,"name":5}""")]
    [InlineData("""{"sub":"a","device":"b","exp":1800003600,"name":"\udc00"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void Wrong_claims_are_refused_even_if_signed(string payload) => Refuse(Sign(Header, payload));

    [Fact]
    public void A_day_ahead_is_the_most() =>
        _verifier.TryVerify(Sign(Header, """{"sub":"a","device":"b","exp":1800086400}"""), Now, out _).ShouldBeTrue();

    [Fact]
    public void Sixty_four_characters_are_the_most()
    {
        var longest = new string('a', 64);
        _verifier.TryVerify(Sign(Header, $$"""{"sub":"{{longest}}","device":"{{longest}}","exp":1800003600}"""), Now, out _).ShouldBeTrue();
        Refuse(Sign(Header, $$"""{"sub":"{{longest}}a","device":"b","exp":1800003600}"""));
    }

    [Fact]
    public void Another_key_is_refused() => Refuse(Sign(Header, Payload, RandomNumberGenerator.GetBytes(32)));

    [Fact]
    public void A_changed_byte_is_refused()
    {
        var token = Sign(Header, Payload);
        for (var i = 0; i < token.Length; i++)
        {
            Refuse(token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d")]
    [InlineData("é.b.c")]
    public void What_is_no_token_is_refused(string token) => Refuse(token);

    [Fact]
    public void Other_spellings_of_a_good_token_are_refused()
    {
        var token = Sign(Header, Payload);
        Refuse(token + "=");
        Refuse(token + " ");
        Refuse(token + "\n");
        Refuse(token + ".");
        Refuse("." + token);
        Refuse(token[..token.LastIndexOf('.')]);
        Refuse(token[..(token.LastIndexOf('.') + 1)]);
        Refuse(token.Replace('-', '+').Replace('_', '/') + "==");
    }

    [Fact]
    public void A_huge_token_is_refused_unread() =>
        Refuse(Sign(Header, $$"""{"sub":"a","device":"b","exp":1800003600,"x":"{{new string('x', 5_000)}}"}"""));

    private void Refuse(string token) => _verifier.TryVerify(token, Now, out _).ShouldBeFalse(token);

    private static string Sign(string header, string payload, byte[]? key = null)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key ?? Key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
