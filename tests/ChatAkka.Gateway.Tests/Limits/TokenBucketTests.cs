using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();
    private TokenBucket _bucket;

    public TokenBucketTests() => _bucket = new TokenBucket(burst: 5, _time.GetTimestamp());

    [Fact]
    public void A_burst_is_admitted_and_no_more()
    {
        for (var i = 0; i < 5; i++)
        {
            Take().ShouldBe((true, 0));
        }

        Take().ShouldBe((false, 100));
    }

    [Fact]
    public void Tokens_come_back_at_the_rate()
    {
        for (var i = 0; i < 5; i++)
        {
            Take();
        }

        _time.Advance(50);
        Take().ShouldBe((false, 50));
        _time.Advance(50);
        Take().ShouldBe((true, 0));
        Take().ShouldBe((false, 100));
        _time.Advance(60_000);
        for (var i = 0; i < 5; i++)
        {
            Take().ShouldBe((true, 0));
        }

        Take().Admitted.ShouldBeFalse();
    }

    [Fact]
    public void Waiting_as_long_as_told_is_enough()
    {
        for (var round = 0; round < 1_000; round++)
        {
            var (admitted, retry) = Take();
            if (!admitted)
            {
                _time.Advance((int)retry);
                Take().Admitted.ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void A_rate_of_zero_admits_everything()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _bucket.TryTake(0, 5, _time.GetTimestamp(), _time.TimestampFrequency, out _).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_clock_that_steps_back_refills_nothing()
    {
        for (var i = 0; i < 5; i++)
        {
            Take();
        }

        _time.Advance(-10_000);
        Take().Admitted.ShouldBeFalse();
        _time.Advance(100);
        Take().Admitted.ShouldBeTrue();
    }

    [Fact]
    public void A_bucket_is_full_when_all_tokens_are_back()
    {
        IsFull().ShouldBeTrue();
        Take();
        IsFull().ShouldBeFalse();
        _time.Advance(99);
        IsFull().ShouldBeFalse();
        _time.Advance(1);
        IsFull().ShouldBeTrue();
    }

    private bool IsFull() => _bucket.IsFull(10, 5, _time.GetTimestamp(), _time.TimestampFrequency);

    private (bool Admitted, long RetryMs) Take() =>
        (_bucket.TryTake(10, 5, _time.GetTimestamp(), _time.TimestampFrequency, out var retry), retry);
}
