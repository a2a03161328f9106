using Akka.Cluster;
using Akka.Cluster.SBR;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.SplitBrain;

public sealed class SplitBrainResolverTests
{
    private readonly MembershipState _whole = Gossip("a b c d e").SeenBy("abc").At('a');

    [Fact]
    public void Nothing_is_decided_while_all_are_reachable()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup());
        resolver.Update(Gossip("a b").At('a'), _whole, At(1));

        resolver.Decide(_whole, At(100)).ShouldBeNull();
    }

    [Fact]
    public void Decision_comes_when_nothing_has_changed_for_a_while()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup());
        var (first, second) = (Cut("ad bd"), Cut("ad bd ae"));
        resolver.Update(_whole, first, At(10));
        resolver.Decide(first, At(12.9)).ShouldBeNull();
        resolver.Update(first, second, At(12.9));

        resolver.Decide(second, At(15.8)).ShouldBeNull();

        Hosts(resolver.Decide(second, At(15.9))!.Nodes).ShouldBe("de");
    }

    [Fact]
    public void Another_member_that_notices_too_is_no_change_and_one_that_does_no_longer_is_one()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup());
        var (first, second, third) = (Cut("ad"), Cut("ad bd"), Cut("bd"));
        resolver.Update(_whole, first, At(10));
        resolver.Update(first, second, At(12));
        resolver.Decide(second, At(13)).ShouldNotBeNull();

        resolver.Update(second, third, At(13));

        resolver.Decide(third, At(15.9)).ShouldBeNull();
        resolver.Decide(third, At(16)).ShouldNotBeNull();
    }

    [Fact]
    public void All_are_downed_when_there_is_no_quiet()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup());
        var (one, other) = (Cut("ad"), Cut("ad ae"));
        for (var time = 10.0; time < 17; time += 1)
        {
            resolver.Update((int)time % 2 == 0 ? other : one, (int)time % 2 == 0 ? one : other, At(time));
            resolver.Decide(one, At(time)).ShouldBeNull();
        }

        var decision = resolver.Decide(one, At(17))!;

        Hosts(decision.Nodes).ShouldBe("abcde");
        decision.IsThisSide.ShouldBeTrue();
    }

    [Fact]
    public void Unrest_is_counted_anew_when_all_was_well_in_between()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup());
        var cut = Cut("ad");
        for (var time = 10.0; time < 40; time += 2)
        {
            resolver.Update(_whole, cut, At(time));
            resolver.Decide(cut, At(time + 1)).ShouldBeNull();
            resolver.Update(cut, _whole, At(time + 1));
        }
    }

    [Fact]
    public void Unrest_may_be_borne_for_ever()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup { DownAllWhenUnstable = Timeout.InfiniteTimeSpan });
        var (one, other) = (Cut("ad"), Cut("ad ae"));
        for (var time = 10; time < 100; time++)
        {
            resolver.Update(time % 2 == 0 ? other : one, time % 2 == 0 ? one : other, At(time));
            resolver.Decide(one, At(time)).ShouldBeNull();
        }
    }

    [Fact]
    public void Own_pause_puts_the_decision_off()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup());
        var cut = Cut("ad");
        resolver.Update(_whole, cut, At(10));

        resolver.Postpone(At(100));

        resolver.Decide(cut, At(102)).ShouldBeNull();
        resolver.Decide(cut, At(103)).ShouldNotBeNull();
    }

    [Fact]
    public void Without_a_strategy_nothing_is_decided()
    {
        var resolver = new SplitBrainResolver(new ClusterSetup { SplitBrainResolver = null });
        resolver.Update(_whole, Cut("ad"), At(10));

        resolver.Decide(Cut("ad"), At(100)).ShouldBeNull();
    }

    private MembershipState Cut(string observations) => _whole.Gossip.Unreachable(observations).At('a');

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
