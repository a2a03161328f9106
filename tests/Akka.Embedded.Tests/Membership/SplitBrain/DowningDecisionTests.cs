using Akka.Cluster;
using Akka.Cluster.SBR;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.SplitBrain;

/// <summary>
/// Tables of who is downed: members as in <see cref="Nodes.Gossip"/>, the older the further to the left; who does not reach whom; who has seen
/// the same; the node that looks. All that is said is what that node sees.
/// </summary>
public sealed class DowningDecisionTests
{
    [Theory]
    // clean partitions, from both sides
    [InlineData("a b c d e", "ad ae bd be cd ce", "abc", 'a', "de")]
    [InlineData("a b c d e", "da db dc ea eb ec", "de", 'd', "de!")]
    [InlineData("a b c d", "ac ad bc bd", "ab", 'b', "cd")]
    [InlineData("a b c d", "ca cb da db", "cd", 'c', "cd!")]
    [InlineData("b a c d", "cb db ca da", "cd", 'c', "cd!")] // the lowest address, not the oldest
    [InlineData("a b", "ab", "a", 'a', "b")]
    [InlineData("a b", "ba", "b", 'b', "b!")]
    // crashes
    [InlineData("a b c", "ba ca", "bc", 'b', "a")]
    [InlineData("a b c d e", "ca cb da db ea eb", "cde", 'c', "ab")]
    [InlineData("a b c d e f", "ba ca da ea fa", "bcdef", 'b', "a")]
    // nobody has a majority
    [InlineData("a b c d e f g", "ac ad ae af ag bc bd be bf bg", "ab", 'a', "ab!")]
    // joining ones don't count on this side, but may be up on the other one
    [InlineData("a b c:Joining", "ac bc", "ab", 'a', "c")]
    [InlineData("a b c:Joining d:Joining", "ab ac ad", "a", 'a', "a!")]
    [InlineData("a b c d:Joining", "ab ac", "ad", 'a', "ad!")]
    [InlineData("a b c d:Joining", "ab", "acd", 'a', "b")]
    [InlineData("c:Joining", "", "c", 'c', "")]
    [InlineData("a b c:Joining", "ca cb", "c", 'c', "c!")]
    // leaving ones count, but may be exiting on the other side
    [InlineData("a:Leaving b c", "ac bc", "ab", 'a', "c")]
    [InlineData("a:Leaving b d", "ab db", "ad", 'a', "ad!")]
    [InlineData("a:Leaving b c d", "ad bd cd", "abc", 'a', "d")]
    [InlineData("a b c:Exiting d e", "ad ae bd be", "abc", 'a', "de")]
    [InlineData("a b:Down c d", "ac ad ab", "a", 'a', "a!")]
    // who is down already, or exiting, is nothing to decide about
    [InlineData("a b c:Down", "ac bc", "ab", 'a', "")]
    [InlineData("a b c:Exiting", "ac bc", "ab", 'a', "")]
    // who is reached by others is connected, though not by all
    [InlineData("a b c d e", "bd db", "abcde", 'a', "bd")]
    [InlineData("a b c d e", "bd", "abcde", 'd', "bd")]
    [InlineData("a b c", "ab ba", "abc", 'a', "ab")]
    // both at once: the partition is decided without those in between
    [InlineData("a b c d e f g", "ab ba af ag bf bg cf cg df dg ef eg", "abcde", 'c', "abfg")]
    [InlineData("a b c d e f g", "ab ba ad ae af ag bd be bf bg cd ce cf cg", "abc", 'c', "abc!")]
    public void Majority(string members, string unreachable, string seen, char self, string downed) =>
        Decide(new KeepMajority(), members, unreachable, seen, self).ShouldBe(downed);

    [Theory]
    [InlineData("b a c d e", "bd be ad ae cd ce", "abc", 'a', "de")]
    [InlineData("b a c d e", "db da dc eb ea ec", "de", 'd', "de!")]
    [InlineData("b a c d e", "ba bc bd be", "b", 'b', "b!")] // alone
    [InlineData("b a c d e", "ab cb db eb", "acde", 'a', "b")]
    [InlineData("b a", "ba", "b", 'b', "a")] // of two the oldest goes on, alone or not
    [InlineData("b a", "ab", "a", 'a', "a!")]
    [InlineData("b a c", "bc ac", "ab", 'a', "c")]
    [InlineData("b:Leaving a c d", "bc bd ac ad", "ab", 'a', "ab!")] // as the others see it a may be the oldest already, alone
    [InlineData("b:Leaving a c d e", "bd be ad ae cd ce", "abc", 'a', "de")]
    [InlineData("b:Leaving a c d", "ca cb da db", "cd", 'c', "cd!")]
    [InlineData("b:Exiting a c", "ac", "ab", 'a', "c")]
    [InlineData("b a c:Joining", "ba bc", "b", 'b', "b!")]
    [InlineData("a:Joining", "", "a", 'a', "")]
    public void Oldest(string members, string unreachable, string seen, char self, string downed) =>
        Decide(new KeepOldest(), members, unreachable, seen, self).ShouldBe(downed);

    [Fact]
    public void Oldest_that_is_alone_goes_on_if_it_may()
    {
        var strategy = new KeepOldest { DownIfAlone = false };

        Decide(strategy, "b a c d e", "ba bc bd be", "b", 'b').ShouldBe("acde");
        Decide(strategy, "b a c d e", "ab cb db eb", "acde", 'a').ShouldBe("acde!");
    }

    [Fact]
    public void Only_members_of_the_role_count()
    {
        var gossip = Gossip("a b c d e").WithMember(Member('d', MemberStatus.Up, 4, "chat")).WithMember(Member('e', MemberStatus.Up, 5, "chat"))
            .Unreachable("da db dc ea eb ec").SeenBy("de");

        Describe(DowningDecision.Of(new KeepMajority { Role = "chat" }, Partition.Of(gossip.At('d')))).ShouldBe("abc");
        Describe(DowningDecision.Of(new KeepMajority { Role = "other" }, Partition.Of(gossip.At('d')))).ShouldBe("de!");
        Describe(DowningDecision.Of(new KeepOldest { Role = "chat" }, Partition.Of(gossip.At('d')))).ShouldBe("abc");
        Describe(DowningDecision.Of(new KeepOldest { Role = "other" }, Partition.Of(gossip.At('d')))).ShouldBe("de!");
    }

    [Fact]
    public void Two_sides_never_both_go_on_however_late_each_learns_of_the_others_changes()
    {
        var random = new Random(1);
        MemberStatus[] statuses = [MemberStatus.Joining, MemberStatus.Up, MemberStatus.Up, MemberStatus.Up, MemberStatus.Leaving];
        for (var round = 0; round < 5000; round++)
        {
            var hosts = "abcdef"[..random.Next(2, 7)];
            var left = string.Concat(hosts.Where(_ => random.Next(2) == 0));
            var right = string.Concat(hosts.Except(left));
            if (left.Length == 0 || right.Length == 0)
                continue;
            var gossip = Akka.Cluster.Gossip.Empty;
            foreach (var host in hosts)
                gossip = gossip.WithMember(Member(host, statuses[random.Next(statuses.Length)], random.Next(1, 7)));
            // The leader of one side has moved members on just before, and the other side has not heard of it.
            var ahead = LeaderActions.Apply(gossip.At(hosts[0]), [], new ClusterSetup(), DateTimeOffset.UnixEpoch);
            SplitBrainStrategy strategy = random.Next(2) == 0 ? new KeepMajority() : new KeepOldest { DownIfAlone = random.Next(2) == 0 };

            var (here, there) = (Side(ahead, left, right), Side(gossip, right, left));

            (here && there).ShouldBeFalse($"{strategy}: {gossip}\n{left} | {right}");

            bool Side(Gossip known, string near, string far)
            {
                foreach (var observer in near)
                {
                    foreach (var subject in far)
                        known = known.WithReachability(known.Reachability.With(Node(observer), Node(subject), Unreachability.Silent));
                }

                var partition = Partition.Of(known.SeenBy(near).At(near[0]));
                return !partition.Unreachable.IsEmpty && !DowningDecision.Of(strategy, partition).IsThisSide;
            }
        }
    }

    private static string Decide(SplitBrainStrategy strategy, string members, string unreachable, string seen, char self)
    {
        var partition = Partition.Of(Gossip(members).Unreachable(unreachable).SeenBy(seen).At(self));
        return Describe(DowningDecision.Of(strategy, partition));
    }

    /// <summary>With an exclamation mark if it is the own side.</summary>
    private static string Describe(DowningDecision decision) => $"{Hosts(decision.Nodes)}{(decision.IsThisSide ? "!" : "")}";
}
