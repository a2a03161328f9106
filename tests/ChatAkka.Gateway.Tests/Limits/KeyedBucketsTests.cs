using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class KeyedBucketsTests
{
    private const int Burst = 2;

    private readonly ManualTime _time = new();
    private readonly KeyedBuckets<int> _buckets;

    public KeyedBucketsTests() => _buckets = new KeyedBuckets<int>(perSecond: 0.5, Burst, capacity: 3, _time);

    [Fact]
    public void Every_key_has_a_bucket_of_its_own()
    {
        Empty(1);
        _buckets.TryTake(1, out var retry).ShouldBeFalse();
        retry.ShouldBe(2_000);
        _buckets.TryTake(2, out _).ShouldBeTrue();

        _time.Advance(2_000);
        _buckets.TryTake(1, out _).ShouldBeTrue();
        _buckets.TryTake(1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Refill_makes_a_bucket_as_new()
    {
        Empty(1);
        _buckets.Refill(1);
        _buckets.Refill(5);
        Empty(1);
        _buckets.TryTake(1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Full_buckets_are_forgotten()
    {
        Empty(1);
        Empty(2);
        Empty(3);
        _buckets.Count.ShouldBe(3);

        _time.Advance(3_999);
        _buckets.TryTake(3, out _).ShouldBeTrue();
        _buckets.Count.ShouldBe(3, "no bucket is full yet");

        _time.Advance(1);
        _buckets.TryTake(3, out _).ShouldBeTrue();
        _buckets.Count.ShouldBe(1);
    }

    [Fact]
    public void Beyond_the_capacity_the_one_not_used_for_longest_is_forgotten()
    {
        Empty(1);
        Empty(2);
        Empty(3);
        _buckets.TryTake(1, out _).ShouldBeFalse();

        Empty(4);

        _buckets.Count.ShouldBe(3);
        _buckets.TryTake(1, out _).ShouldBeFalse("it was used since");
        _buckets.TryTake(3, out _).ShouldBeFalse();
        _buckets.TryTake(4, out _).ShouldBeFalse();
        _buckets.TryTake(2, out _).ShouldBeTrue("it was forgotten");
    }

    private void Empty(int key)
    {
        for (var i = 0; i < Burst; i++)
        {
            _buckets.TryTake(key, out _).ShouldBeTrue();
        }
    }
}
