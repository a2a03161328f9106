using Akka.Cluster;

namespace Akka.Embedded.Tests.Membership.Gossiping;

public sealed class VectorClockTests
{
    [Fact]
    public void Versions_are_ordered_by_what_went_into_them()
    {
        var (none, a, aa, ab, b) = (Clock(""), Clock("a"), Clock("aa"), Clock("ab"), Clock("b"));

        a.CompareTo(Clock("a")).ShouldBe(VersionOrder.Same);
        none.CompareTo(a).ShouldBe(VersionOrder.Before);
        aa.CompareTo(a).ShouldBe(VersionOrder.After);
        a.CompareTo(ab).ShouldBe(VersionOrder.Before);
        aa.CompareTo(ab).ShouldBe(VersionOrder.Concurrent);
        a.CompareTo(b).ShouldBe(VersionOrder.Concurrent);
        a.ShouldBe(Clock("a"));
        a.GetHashCode().ShouldBe(Clock("a").GetHashCode());
        a.ShouldNotBe(b);
    }

    [Fact]
    public void Merged_version_comes_after_both()
    {
        var merged = Clock("aab").Merge(Clock("abbc"));

        merged.ShouldBe(Clock("aabbc"));
        merged.CompareTo(Clock("aab")).ShouldBe(VersionOrder.After);
        merged.CompareTo(Clock("abbc")).ShouldBe(VersionOrder.After);
    }

    [Fact]
    public void Merging_obeys_its_laws()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var (x, y, z) = (Draw(random), Draw(random), Draw(random));
            x.Merge(y).ShouldBe(y.Merge(x));
            x.Merge(y).Merge(z).ShouldBe(x.Merge(y.Merge(z)));
            x.Merge(x).ShouldBe(x);
            x.CompareTo(x.Merge(y)).ShouldBeOneOf(VersionOrder.Same, VersionOrder.Before);
            var order = x.CompareTo(y);
            y.CompareTo(x).ShouldBe(order switch
            {
                VersionOrder.Before => VersionOrder.After,
                VersionOrder.After => VersionOrder.Before,
                _ => order,
            });
            (x.Digest == y.Digest).ShouldBe(order == VersionOrder.Same);
        }
    }

    [Fact]
    public void Pruned_version_has_nothing_of_the_node()
    {
        var clock = Clock("aabc");

        clock.Prune(node => node == Nodes.Node('a')).ShouldBe(Clock("bc"));
        clock.Prune(node => node == Nodes.Node('x')).ShouldBeSameAs(clock);
    }

    [Fact]
    public void Digest_is_the_same_in_every_process() => Clock("aab").Digest.ShouldBe(DigestOfAab);

    private const ulong DigestOfAab = 13430610750938882493;

    private static VectorClock Draw(Random random) =>
        Clock(string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => "abc"[random.Next(3)])));

    private static VectorClock Clock(string changes)
    {
        var clock = VectorClock.Empty;
        foreach (var host in changes)
            clock = clock.Increment(Nodes.Node(host));
        return clock;
    }
}
