using ChatAkka.Domain.Push;
using ChatAkka.Push.Dispatching;

namespace ChatAkka.Push.Tests.Dispatching;

public sealed class BackoffTests
{
    private static readonly PushOptions Options = new() { FirstRetryMs = 1_000, LongestRetryMs = 3_600_000 };

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(2, 2_000)]
    [InlineData(3, 4_000)]
    [InlineData(11, 1_024_000)]
    [InlineData(12, 2_048_000)]
    [InlineData(13, 3_600_000)]
    [InlineData(100, 3_600_000)]
    public void Wait_doubles_up_to_the_longest_and_is_shortened_by_half_at_most(int failures, int full)
    {
        var backoff = new Backoff(Options, new Random(7));
        double[] waits = [.. Enumerable.Range(0, 1_000).Select(_ => backoff.After(failures, asked: null).TotalMilliseconds)];

        waits.Min().ShouldBeInRange(full * 0.5, full * 0.52);
        waits.Max().ShouldBeInRange(full * 0.98, full);
    }

    [Fact]
    public void Receiver_can_make_the_wait_longer_only_and_never_longer_than_the_longest()
    {
        var backoff = new Backoff(Options, new Random(7));

        backoff.After(1, TimeSpan.FromSeconds(90)).ShouldBe(TimeSpan.FromSeconds(90));
        backoff.After(1, TimeSpan.FromDays(2)).ShouldBe(TimeSpan.FromHours(1));
        backoff.After(1, TimeSpan.MaxValue).ShouldBe(TimeSpan.FromHours(1));
        backoff.After(1, TimeSpan.Zero).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(500));
        backoff.After(1, TimeSpan.MinValue).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(500));
    }
}
