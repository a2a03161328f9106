using System.Globalization;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class AccountLimitsTests
{
    private static readonly UserId Kim = new("1"), Lee = new("2");

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(200)]
    [InlineData(0)]
    public void An_account_has_so_many_sockets_and_gets_them_back(int rate)
    {
        var accounts = Limits(new LimitsOptions { SocketsPerAccount = 2, AccountRequestsPerSecond = rate });
        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.TryEnter(Kim).ShouldBeFalse();
        accounts.TryEnter(Lee).ShouldBeTrue();
        accounts.Leave(Kim);
        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.Leave(Kim);
        accounts.Leave(Kim);
        accounts.Leave(Kim);
        accounts.TryEnter(Kim).ShouldBeTrue();
    }

    [Fact]
    public void Sockets_and_http_share_one_burst_and_one_rate()
    {
        var accounts = Limits(new LimitsOptions { AccountRequestsPerSecond = 10, AccountBurst = 4 });
        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.TryEnter(Kim).ShouldBeTrue();
        var (one, other) = (accounts.RateOf(Kim).ShouldNotBeNull(), accounts.RateOf(Kim).ShouldNotBeNull());
        one.ShouldBeSameAs(other);

        accounts.TryRequest(Kim, out _).ShouldBeTrue();
        accounts.TryRequest(Kim, out _).ShouldBeTrue();
        one.TryRequest(10, 4, Seconds, out _).ShouldBeTrue();
        other.TryRequest(10, 4, Seconds, out _).ShouldBeTrue();
        accounts.TryRequest(Kim, out var retry).ShouldBeFalse();
        retry.ShouldBe(100);
        one.TryRequest(10, 4, Seconds, out retry).ShouldBeFalse();
        retry.ShouldBe(100);
        accounts.TryRequest(Lee, out _).ShouldBeTrue();
        one.TrySignal(100, 40, Seconds, out _).ShouldBeTrue("signals have a bucket of their own");

        _time.Advance(100);
        other.TryRequest(10, 4, Seconds, out _).ShouldBeTrue();
        accounts.TryRequest(Kim, out _).ShouldBeFalse();
    }

    [Fact]
    public void Waiting_as_long_as_told_is_enough()
    {
        var accounts = Limits(new LimitsOptions { AccountRequestsPerSecond = 7, AccountBurst = 3 });
        for (var round = 0; round < 1_000; round++)
        {
            if (!accounts.TryRequest(Kim, out var retry))
            {
                retry.ShouldBeInRange(1, 143);
                _time.Advance((int)retry);
                accounts.TryRequest(Kim, out _).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public async Task Many_at_once_get_the_burst_and_no_more()
    {
        var accounts = Limits(new LimitsOptions { AccountRequestsPerSecond = 10, AccountBurst = 500 });
        var served = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                if (accounts.TryRequest(Kim, out var _))
                {
                    Interlocked.Increment(ref served);
                }
            }
        })));

        served.ShouldBe(500);
    }

    [Fact]
    public void A_rate_of_zero_limits_and_keeps_nothing()
    {
        var accounts = Limits(new LimitsOptions { AccountRequestsPerSecond = 0, AccountBurst = 1 });
        for (var i = 0; i < 100; i++)
        {
            accounts.TryRequest(Kim, out _).ShouldBeTrue();
        }

        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.RateOf(Kim).ShouldBeNull();
        accounts.Leave(Kim);
        accounts.Count.ShouldBe(0);
    }

    [Fact]
    public void An_account_is_known_while_it_has_a_socket_or_lacks_tokens()
    {
        var accounts = Limits(new LimitsOptions { AccountRequestsPerSecond = 1, AccountBurst = 100 });
        accounts.TryEnter(Kim).ShouldBeTrue();
        for (var i = 0; i < 100; i++)
        {
            accounts.TryRequest(Lee, out _).ShouldBeTrue();
        }

        _time.Advance(60_000);
        accounts.Sweep(_time.GetTimestamp());
        accounts.Count.ShouldBe(2);
        accounts.TryRequest(Lee, out _).ShouldBeTrue();

        _time.Advance(60_000);
        accounts.Sweep(_time.GetTimestamp());
        accounts.Count.ShouldBe(1, "the bucket of an account without a socket is full again");

        accounts.Leave(Kim);
        accounts.Count.ShouldBe(0);
    }

    [Fact]
    public void A_socket_that_closes_does_not_refill_the_bucket()
    {
        var accounts = Limits(new LimitsOptions { AccountRequestsPerSecond = 1, AccountBurst = 1 });
        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.TryRequest(Kim, out _).ShouldBeTrue();
        accounts.Leave(Kim);

        accounts.TryRequest(Kim, out _).ShouldBeFalse();
    }

    [Fact]
    public void Accounts_without_a_socket_are_bounded()
    {
        var accounts = Limits(new LimitsOptions { AccountBurst = 1 });
        accounts.TryEnter(Kim).ShouldBeTrue();
        accounts.TryRequest(Kim, out _).ShouldBeTrue();
        for (var i = 0; i < 250_000; i++)
        {
            accounts.TryRequest(new UserId((1_000 + i).ToString(CultureInfo.InvariantCulture)), out _).ShouldBeTrue();
            if (i % 10_000 == 0)
            {
                accounts.Count.ShouldBeLessThanOrEqualTo(100_002);
            }
        }

        accounts.TryRequest(Kim, out _).ShouldBeFalse("an account with a socket isn't forgotten");
    }

    [Fact]
    public async Task Accounts_that_come_and_go_at_once_leave_nothing_behind()
    {
        var accounts = Limits(new LimitsOptions { SocketsPerAccount = 2 });
        var open = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (accounts.TryEnter(Kim))
                {
                    Interlocked.Increment(ref open).ShouldBeLessThanOrEqualTo(2);
                    Interlocked.Decrement(ref open);
                    accounts.Leave(Kim);
                }

                if (worker == 0)
                {
                    accounts.Sweep(i * 60_000L);
                }
            }
        })));

        accounts.Count.ShouldBe(0);
    }

    [Fact]
    public void A_request_allocates_nothing()
    {
        var accounts = Limits(new LimitsOptions());
        accounts.TryRequest(Kim, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            accounts.TryRequest(Kim, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private double Seconds => _time.GetTimestamp() / (double)_time.TimestampFrequency;

    private AccountLimits Limits(LimitsOptions options) => new(options, _time);
}
