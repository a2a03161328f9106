using Akka.Cluster;

namespace Akka.Embedded.Tests.Membership.FailureDetection;

public sealed class PhiAccrualFailureDetectorTests
{
    private static readonly ClusterSetup Setup = new();

    [Fact]
    public void Steady_node_is_available_until_its_silence_is_longer_than_a_pause()
    {
        var detector = Steady(50);

        detector.IsAvailable(At(25_000)).ShouldBeTrue();
        detector.IsAvailable(At(25_000 + 2500 + 500)).ShouldBeTrue();
        detector.IsAvailable(At(25_000 + 2500 + 500 + 1000)).ShouldBeFalse();
    }

    [Fact]
    public void Suspicion_only_grows_with_silence_and_has_no_end()
    {
        var detector = Steady(50);
        var last = 0.0;
        for (var ms = 25_000; ms < 60_000; ms += 50)
        {
            var phi = detector.Phi(At(ms));
            phi.ShouldBeGreaterThanOrEqualTo(last);
            double.IsFinite(phi).ShouldBeTrue();
            last = phi;
        }

        last.ShouldBeGreaterThan(100_000);
        detector.Phi(At(25_000)).ShouldBeLessThan(0.001);
    }

    [Fact]
    public void Node_whose_heartbeats_vary_is_given_more_time()
    {
        var random = new Random(1);
        var varying = new PhiAccrualFailureDetector(Setup, At(0));
        var time = 0;
        while (time < 25_000)
            varying.Heartbeat(At(time += random.Next(50, 1000)));

        SilenceUntilDead(varying, time).ShouldBeGreaterThan(SilenceUntilDead(Steady(50), 25_000) + 500);
    }

    [Fact]
    public void Pause_makes_the_next_death_be_noticed_hardly_later()
    {
        var paused = Steady(50);
        paused.Heartbeat(At(25_000 + 2600));

        (SilenceUntilDead(paused, 25_000 + 2600) - SilenceUntilDead(Steady(50), 25_000)).ShouldBeLessThan(200);
    }

    [Fact]
    public void Node_that_comes_back_is_available_at_once()
    {
        var detector = Steady(50);
        detector.IsAvailable(At(60_000)).ShouldBeFalse();

        detector.Heartbeat(At(60_000));

        detector.IsAvailable(At(60_000)).ShouldBeTrue();
        SilenceUntilDead(detector, 60_000).ShouldBe(SilenceUntilDead(Steady(50), 25_000));
    }

    [Fact]
    public void Forgiven_silence_does_not_count_and_is_not_remembered()
    {
        var detector = Steady(50);

        detector.Forgive(At(60_000));

        detector.IsAvailable(At(60_000)).ShouldBeTrue();
        SilenceUntilDead(detector, 60_000).ShouldBe(SilenceUntilDead(Steady(50), 25_000));
    }

    [Fact]
    public void Only_the_last_heartbeats_are_remembered()
    {
        var setup = new ClusterSetup { HeartbeatHistory = 20 };
        var detector = new PhiAccrualFailureDetector(setup, At(0));
        var time = 0;
        for (var i = 0; i < 100; i++)
            detector.Heartbeat(At(time += i < 50 ? 1000 * (i % 2) : 500));

        SilenceUntilDead(detector, time).ShouldBe(SilenceUntilDead(Steady(50), 25_000));
    }

    private static int SilenceUntilDead(PhiAccrualFailureDetector detector, int since)
    {
        for (var silence = 0; ; silence += 10)
        {
            if (!detector.IsAvailable(At(since + silence)))
                return silence;
        }
    }

    private static PhiAccrualFailureDetector Steady(int heartbeats)
    {
        var detector = new PhiAccrualFailureDetector(Setup, At(0));
        for (var i = 1; i <= heartbeats; i++)
            detector.Heartbeat(At(i * 500));
        return detector;
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
