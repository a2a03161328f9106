using System.Net;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class LogInLimiterTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_address_has_30_at_once_and_30_a_minute()
    {
        var limiter = Limiter(new LimitsOptions());
        for (var i = 0; i < 30; i++)
        {
            Enter(limiter, "203.0.113.7").ShouldBe(0);
        }

        Enter(limiter, "203.0.113.7").ShouldBe(2_000);
        Enter(limiter, "203.0.113.8").ShouldBe(0);
        _time.Advance(2_000);
        Enter(limiter, "203.0.113.7").ShouldBe(0);
        Enter(limiter, "203.0.113.7").ShouldBe(2_000);
        _time.Advance(60_000);
        for (var i = 0; i < 30; i++)
        {
            Enter(limiter, "203.0.113.7").ShouldBe(0);
        }
    }

    [Fact]
    public void An_ipv6_client_is_its_network()
    {
        var limiter = Limiter(new LimitsOptions { LogInsPerMinute = 1 });
        Enter(limiter, "2001:db8:1:2::1").ShouldBe(0);
        Enter(limiter, "2001:db8:1:2::2").ShouldBeGreaterThan(0);
        Enter(limiter, "2001:db8:1:3::1").ShouldBe(0);
    }

    [Fact]
    public void An_account_may_fail_10_times_and_once_more_every_90_seconds()
    {
        var limiter = Limiter(new LimitsOptions());
        for (var i = 0; i < 10; i++)
        {
            Attempt(limiter, "kim").ShouldBe(0);
        }

        Attempt(limiter, "kim").ShouldBe(90_000);
        Attempt(limiter, "lee").ShouldBe(0);
        _time.Advance(90_000);
        Attempt(limiter, "kim").ShouldBe(0);
        Attempt(limiter, "kim").ShouldBe(90_000);
    }

    [Fact]
    public void A_success_forgets_what_failed()
    {
        var limiter = Limiter(new LimitsOptions { FailedLogInsPerAccount = 2 });
        for (var round = 0; round < 3; round++)
        {
            Attempt(limiter, "kim").ShouldBe(0);
            Attempt(limiter, "kim").ShouldBe(0);
            limiter.Succeed("kim");
        }
    }

    [Fact]
    public void Limits_can_be_switched_off()
    {
        var limiter = Limiter(new LimitsOptions { LogInsPerMinute = 0, FailedLogInsPerAccount = 0 });
        for (var i = 0; i < 1_000; i++)
        {
            Enter(limiter, "203.0.113.7").ShouldBe(0);
            Attempt(limiter, "kim").ShouldBe(0);
        }

        limiter.Succeed("kim");
    }

    private LogInLimiter Limiter(LimitsOptions limits) => new(limits, new ClientAddresses(new GatewayOptions()), _time);

    // The ms to wait; 0 if it was let through.
    private static long Enter(LogInLimiter limiter, string address)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        limiter.TryEnter(context, out var retryMs).ShouldBe(retryMs == 0);
        return retryMs;
    }

    private static long Attempt(LogInLimiter limiter, string username)
    {
        limiter.TryAttempt(username, out var retryMs).ShouldBe(retryMs == 0);
        return retryMs;
    }
}
