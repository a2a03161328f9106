using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using ChatAkka.Actors;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Http;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Gateway.Tests.Auth;

public sealed class AuthenticatorTests : TestKit
{
    private const int Hour = 3_600_000;
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private readonly FakeAccounts _accounts = new();
    private readonly ManualTime _time = new();
    private readonly Authenticator _authenticator;

    private readonly ConcurrentQueue<object> _told = new();
    private readonly Regions _regions;

    public AuthenticatorTests()
    {
        var registry = new ActorRegistry();
        registry.Register<UserRegion>(Sys.ActorOf(Props.Create(() => new Responder(_ => DeviceRegistered.Instance, _told))));
        _regions = new Regions(new RequiredActor<ChannelRegion>(registry), new RequiredActor<UserRegion>(registry), new RequiredActor<PresenceBoard>(registry));
        _authenticator = Create(new AuthOptions { IntegratorKey = Convert.ToBase64String(Key) });
    }

    [Fact]
    public async Task A_session_token_is_its_device()
    {
        var token = await LogInAsync();
        (await AuthenticateAsync(token)).ShouldBe(new Authenticated(Some.Kim, Some.KimsPhone));
        (await AuthenticateAsync(SessionToken.Create())).ShouldBe(NotAuthenticated.Instance);
    }

    [Fact]
    public void Tokens_are_256_random_bits_and_stored_as_a_hash()
    {
        var token = SessionToken.Create();
        Base64Url.DecodeFromChars(token).Length.ShouldBe(32);
        SessionToken.Create().ShouldNotBe(token);
        SessionToken.TryHash(token, out var hash).ShouldBeTrue();
        hash.ShouldBe(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        SessionToken.TryHash(token + "x", out _).ShouldBeFalse();
        SessionToken.TryHash(token[1..] + "é", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_expiry_slides_with_use_but_is_written_once_an_hour()
    {
        var token = await LogInAsync();
        await AuthenticateAsync(token);
        _accounts.Touched.ShouldBe(0);
        _time.Advance(Hour);
        await AuthenticateAsync(token);
        await AuthenticateAsync(token);
        _accounts.Touched.ShouldBe(1);
        (await _accounts.ListSessionsAsync(Some.Kim, UnixNow, CancellationToken.None)).Single().ExpiresAt.ShouldBe(UnixNow + 90L * 24 * Hour);
    }

    [Fact]
    public async Task An_unused_session_expires()
    {
        var token = await LogInAsync();
        for (var day = 0; day < 91; day++)
        {
            _time.Advance(24 * Hour);
        }

        (await AuthenticateAsync(token)).ShouldBe(NotAuthenticated.Instance);
    }

    [Fact]
    public async Task A_store_that_is_off_is_not_a_wrong_token()
    {
        var token = await LogInAsync();
        _accounts.Fails = true;
        (await AuthenticateAsync(token)).ShouldBe(AuthenticationUnavailable.Instance);
        (await AuthenticateAsync(Jwt("new"))).ShouldBe(AuthenticationUnavailable.Instance);
    }

    [Fact]
    public async Task An_integrators_user_comes_to_be_once_and_is_remembered()
    {
        var first = (await AuthenticateAsync(Jwt("kim"))).ShouldBeOfType<Authenticated>();
        (await AuthenticateAsync(Jwt("kim"))).ShouldBe(first);
        _accounts.Ensured.ShouldBe(1);
        _told.ShouldBe([new RegisterDevice(first.User, first.Device)]);
        var tablet = (await AuthenticateAsync(Jwt("kim", "tablet"))).ShouldBeOfType<Authenticated>();
        (tablet.User == first.User, tablet.Device == first.Device).ShouldBe((true, false));
        (await _accounts.FindByUsernameAsync("ext:kim", CancellationToken.None))!.Id.ShouldBe(first.User);
    }

    [Fact]
    public async Task Integrators_tokens_are_off_by_default() =>
        (await Create(new AuthOptions()).AuthenticateAsync(Jwt("kim"), CancellationToken.None)).ShouldBe(NotAuthenticated.Instance);

    [Fact]
    public async Task Passwords_are_verified_and_an_unknown_user_is_hashed_too()
    {
        using var passwords = new Passwords(new LimitsOptions { ConcurrentPasswordHashes = 1 });
        var hash = await passwords.HashAsync("correct horse", CancellationToken.None);
        var credentials = new Credentials(new Account(Some.Kim, "kim", "Kim", 0), hash);
        (await passwords.VerifyAsync(credentials, "correct horse", CancellationToken.None)).ShouldBeTrue();
        (await passwords.VerifyAsync(credentials, "wrong horse", CancellationToken.None)).ShouldBeFalse();
        (await passwords.VerifyAsync(null, "correct horse", CancellationToken.None)).ShouldBeFalse();
        (await passwords.VerifyAsync(null, "nobody has this password", CancellationToken.None)).ShouldBeFalse();
    }

    private long UnixNow => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private Authenticator Create(AuthOptions options) => new(
        _accounts, new ExternalIdentities(_accounts, _regions, new SnowflakeGenerator(1, _time), _time), options, _time, NullLogger<Authenticator>.Instance);

    private Task<Authentication> AuthenticateAsync(string token) =>
        _authenticator.AuthenticateAsync(token, CancellationToken.None).AsTask();

    private async Task<string> LogInAsync()
    {
        var token = SessionToken.Create();
        SessionToken.TryHash(token, out var hash);
        await _accounts.CreateSessionAsync(
            new DeviceSession(Some.KimsPhone, Some.Kim, "phone", "test", UnixNow, UnixNow, _authenticator.ExpiryFrom(UnixNow)), hash!, CancellationToken.None);
        return token;
    }

    private string Jwt(string subject, string device = "phone")
    {
        var signed = Base64Url.EncodeToString("{\"alg\":\"HS256\"}"u8) + "." + Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes($$"""{"sub":"{{subject}}","device":"{{device}}","exp":{{_time.GetUtcNow().ToUnixTimeSeconds() + 60}}}"""));
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(signed)));
    }
}
