using ChatAkka.Replay.Reports;

namespace ChatAkka.Replay.Tests.Reports;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1_000)]
    [InlineData(123_456)]
    [InlineData(60_000_000)]
    public void Single_duration_is_its_own_quantile_within_two_percent(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(microseconds));

        histogram.Quantile(0.5).TotalMicroseconds.ShouldBe(microseconds, Math.Max(0.5, microseconds * 0.02));
    }

    [Fact]
    public void Quantiles_split_the_durations()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 100; ms++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(ms));
        }

        histogram.Quantile(0.5).TotalMilliseconds.ShouldBe(50, 1);
        histogram.Quantile(0.99).TotalMilliseconds.ShouldBe(99, 2);
    }

    [Fact]
    public void Nothing_has_zero_quantiles() => new LatencyHistogram().Quantile(0.99).ShouldBe(TimeSpan.Zero);
}
