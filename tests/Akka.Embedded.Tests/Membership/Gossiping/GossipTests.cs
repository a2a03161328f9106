using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Gossiping;

public sealed class GossipTests
{
    [Fact]
    public void Merging_obeys_its_laws_whatever_nodes_have_changed_and_heard()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var histories = new GossipHistories(seed);
            for (var i = 0; i < 30; i++)
            {
                histories.Step();
                var (x, y, z) = (histories.Draw(), histories.Draw(), histories.Draw());
                x.Merge(y).ShouldBe(y.Merge(x), $"seed {seed}: commutative");
                x.Merge(y).Merge(z).ShouldBe(x.Merge(y.Merge(z)), $"seed {seed}: associative");
                x.Merge(x).ShouldBe(Unseen(x), $"seed {seed}: idempotent");
                x.Merge(y).Merge(y).ShouldBe(x.Merge(y), $"seed {seed}: a second time");
            }
        }
    }

    [Fact]
    public void Same_version_means_same_contents_whatever_way_it_came()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var histories = new GossipHistories(seed);
            Dictionary<ulong, Gossip> byVersion = [];
            for (var i = 0; i < 60; i++)
            {
                histories.Step();
                foreach (var gossip in histories.All)
                {
                    if (byVersion.TryGetValue(gossip.Version.Digest, out var known))
                        Unseen(gossip).ShouldBe(known, $"seed {seed}");
                    else
                        byVersion.Add(gossip.Version.Digest, Unseen(gossip));
                }
            }
        }
    }

    [Fact]
    public void Later_status_and_earlier_number_win()
    {
        var left = Gossip("a b").WithMember(Member('b', MemberStatus.Leaving, 5));
        var right = Gossip("a b").WithMember(Member('b', MemberStatus.Up, 2));

        var merged = left.Merge(right).Members[Node('b')];

        merged.Status.ShouldBe(MemberStatus.Leaving);
        merged.UpNumber.ShouldBe(2);
    }

    [Fact]
    public void Removed_incarnation_does_not_come_back_by_old_gossip()
    {
        var before = Gossip("a b c").Unreachable("ab cb");
        var after = before.Remove([Node('b')], DateTimeOffset.UnixEpoch.AddMilliseconds(5)).NextVersion(Node('a'));

        var merged = after.Merge(before);

        merged.IsMember(Node('b')).ShouldBeFalse();
        merged.IsRemoved(Node('b')).ShouldBeTrue();
        merged.Tombstones[Node('b')].ShouldBe(5);
        merged.Reachability.IsAllReachable.ShouldBeTrue();
        merged.CompareTo(after).ShouldBe(VersionOrder.Same);
        after.Merge(after.WithMember(new Akka.Cluster.Member(Node('b', 2), MemberStatus.Joining, []))).IsMember(Node('b', 2)).ShouldBeTrue();
    }

    [Fact]
    public void Old_tombstones_are_forgotten_with_the_changes_of_the_removed()
    {
        var before = Gossip("a b c").Remove([Node('b')], DateTimeOffset.UnixEpoch.AddHours(1)).Remove([Node('c')], DateTimeOffset.UnixEpoch.AddHours(3))
            .NextVersion(Node('a'));

        var after = before.Forget(DateTimeOffset.UnixEpoch.AddHours(2)).NextVersion(Node('a'));

        Hosts(after.Tombstones.Keys).ShouldBe("c");
        after.Version.ToString().ShouldNotContain("@b:");
        after.Forget(DateTimeOffset.UnixEpoch.AddHours(2)).ShouldBeSameAs(after);
        after.CompareTo(before).ShouldBe(VersionOrder.After);
        before.CompareTo(after).ShouldBe(VersionOrder.Before);
        after.Merge(before).ShouldBe(after.SeenBy(""));
        before.Merge(after).ShouldBe(after.SeenBy(""));
    }

    [Fact]
    public void Who_changes_something_is_the_only_one_to_have_seen_it()
    {
        var gossip = Gossip("a b c");

        Hosts(gossip.NextVersion(Node('b')).Seen).ShouldBe("b");
        Hosts(gossip.NextVersion(Node('b'), isSeen: false).Seen).ShouldBe("");
        gossip.NextVersion(Node('b')).CompareTo(gossip).ShouldBe(VersionOrder.After);
        gossip.WithSeen(Node('a')).ShouldBeSameAs(gossip);
        gossip.MergeSeen(gossip.SeenBy("a")).ShouldBeSameAs(gossip);
        Hosts(gossip.SeenBy("a").MergeSeen(gossip.SeenBy("c")).Seen).ShouldBe("ac");
        gossip.SeenBy("a").SeenDigest.ShouldNotBe(gossip.SeenBy("b").SeenDigest);
    }

    private static Gossip Unseen(Gossip gossip) => gossip.SeenBy("");
}
