using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Joining;

public sealed class TwinClusterWatchTests
{
    private readonly FakeHost _host = new();

    [Fact]
    public void Leader_asks_seeds_that_are_no_members()
    {
        Tick('b', "b c", "abx").ShouldBe("InitJoin>a InitJoin>x");
        Tick('c', "b c", "abx").ShouldBeEmpty();
        Tick('b', "b:Joining", "abx").ShouldBeEmpty();
        Tick('a', "a b x", "abx").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("b c", 3, 'x', true)] // larger
    [InlineData("b c", 1, 'a', false)]
    [InlineData("b c", 2, 'a', true)] // of two equal ones that with the first address stays
    [InlineData("b c", 2, 'x', false)]
    [InlineData("b c", 0, 'a', false)] // it is the same one
    [InlineData("b c x", 9, 'a', false)] // x is a member here
    public void Smaller_cluster_yields_when_it_has_met_the_other_one_twice(string members, int size, char first, bool yields)
    {
        var (watch, state) = (Watch('b', "abx"), Gossip(members).At('b'));
        var ack = new InitJoinAck(Address('x'), size, Address(first));

        watch.Yields(ack, state).ShouldBeFalse();
        watch.Yields(ack, state).ShouldBeFalse();
        _host.Now += TimeSpan.FromSeconds(5);
        watch.Yields(ack, state).ShouldBe(yields);
    }

    [Fact]
    public void Asker_of_the_same_cluster_is_told_so()
    {
        TwinClusterWatch.Answer(Node('a'), Node('b'), Gossip("a b").At('a')).Size.ShouldBe(0);
        TwinClusterWatch.Answer(Node('a'), Node('b', 2), Gossip("a b c:Joining").At('a')).ShouldBe(new InitJoinAck(Address('a'), 2, Address('a')));
    }

    private string Tick(char self, string members, string seeds)
    {
        Watch(self, seeds).Tick(Gossip(members).At(self));
        return _host.TakeSent();
    }

    private TwinClusterWatch Watch(char self, string seeds)
    {
        var watch = new TwinClusterWatch(Node(self), JoinTerms.Of(new ClusterSetup()), _host);
        watch.Expect(seeds.Select(Address));
        return watch;
    }
}
