using System.Collections.Immutable;
using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Joining;

public sealed class JoinProcessTests
{
    private static readonly ClusterSetup Setup = new();

    private readonly FakeHost _host = new();

    [Fact]
    public void Only_seed_is_the_first_of_a_cluster_at_once() => Of('a').ToSeeds([Address('a')]).ShouldBeTrue();

    [Fact]
    public void Node_that_joins_itself_is_the_first_of_a_cluster() => Of('a').To(Address('a')).ShouldBeTrue();

    [Fact]
    public void First_seed_begins_when_all_others_are_outside_too()
    {
        var process = Of('a');
        process.ToSeeds([Address('a'), Address('b'), Address('c')]).ShouldBeFalse();
        _host.TakeSent().ShouldBe("InitJoin>b InitJoin>c");

        process.Refused(new InitJoinNack(Address('b'), "")).ShouldBeFalse();
        process.Refused(new InitJoinNack(Address('b'), "")).ShouldBeFalse();
        process.Refused(new InitJoinNack(Address('x'), "")).ShouldBeFalse();

        process.Refused(new InitJoinNack(Address('c'), "")).ShouldBeTrue();
    }

    [Fact]
    public void First_seed_begins_when_nobody_answers_in_time()
    {
        var process = Of('a');
        process.ToSeeds([Address('a'), Address('b')]);

        Wait(process, 1.9).ShouldBeFalse();
        Wait(process, 0.1).ShouldBeTrue();
    }

    [Fact]
    public void First_seed_waits_longer_for_one_that_is_there_and_silent()
    {
        var process = Of('a');
        _host.There.Add(Address('c'));
        process.ToSeeds([Address('a'), Address('b'), Address('c')]);
        process.Refused(new InitJoinNack(Address('b'), ""));

        Wait(process, 2).ShouldBeFalse();
        Wait(process, 7.9).ShouldBeFalse();
        Wait(process, 2).ShouldBeTrue();
    }

    [Fact]
    public void First_seed_begins_soon_when_the_one_that_was_there_has_gone()
    {
        var process = Of('a');
        _host.There.Add(Address('b'));
        process.ToSeeds([Address('a'), Address('b')]);
        Wait(process, 2).ShouldBeFalse();

        _host.There.Clear();

        Wait(process, 2).ShouldBeTrue();
    }

    [Fact]
    public void First_seed_that_was_told_of_a_cluster_is_in_no_hurry_to_begin_another()
    {
        var process = Of('a');
        process.ToSeeds([Address('a'), Address('b')]);
        process.Accepted(new InitJoinAck(Address('b'), 2, Address('b')));

        Wait(process, Setup.RetryUnsuccessfulJoinAfter.TotalSeconds).ShouldBeFalse(); // it asks the seeds again
        Wait(process, 2).ShouldBeFalse();
        Wait(process, 5).ShouldBeFalse();
        Wait(process, 2).ShouldBeTrue();
    }

    [Fact]
    public void Other_seeds_ask_for_ever_and_never_begin()
    {
        var process = Of('b');
        process.ToSeeds([Address('a'), Address('b'), Address('c')]);
        process.Refused(new InitJoinNack(Address('a'), "")).ShouldBeFalse();
        process.Refused(new InitJoinNack(Address('c'), "")).ShouldBeFalse();
        _host.TakeSent();

        for (var i = 0; i < 1000; i++)
            Wait(process, 0.5).ShouldBeFalse();

        _host.Sent.Count.ShouldBe(2000);
        _host.Sent.Distinct().ShouldBe(["InitJoin>a", "InitJoin>c"]);
    }

    [Fact]
    public void Seed_that_is_in_a_cluster_is_asked_to_let_the_node_in()
    {
        var process = Of('b');
        process.ToSeeds([Address('a'), Address('b'), Address('c')]);
        process.Accepted(new InitJoinAck(Address('x'), 1, Address('x')));
        _host.TakeSent();

        process.Accepted(new InitJoinAck(Address('c'), 1, Address('c')));
        process.Accepted(new InitJoinAck(Address('a'), 1, Address('c')));
        _host.TakeSent().ShouldBe("Join>c");

        process.IsWelcomedBy(Node('c')).ShouldBeTrue();
        process.IsWelcomedBy(Node('a')).ShouldBeFalse();
        process.Stop();
        process.IsUnderway.ShouldBeFalse();
        Wait(process, 100).ShouldBeFalse();
        _host.TakeSent().ShouldBeEmpty();
    }

    [Fact]
    public void Seeds_are_asked_again_when_the_one_that_answered_does_not_let_it_in()
    {
        var process = Of('a');
        process.ToSeeds([Address('a'), Address('b')]);
        process.Accepted(new InitJoinAck(Address('b'), 1, Address('c')));
        _host.TakeSent();

        Wait(process, Setup.RetryUnsuccessfulJoinAfter.TotalSeconds).ShouldBeFalse();

        _host.TakeSent().ShouldBe("InitJoin>b");
    }

    [Fact]
    public void Address_is_asked_again()
    {
        var process = Of('a');
        process.To(Address('b')).ShouldBeFalse();
        _host.TakeSent().ShouldBe("Join>b");

        Wait(process, Setup.RetryUnsuccessfulJoinAfter.TotalSeconds).ShouldBeFalse();

        _host.TakeSent().ShouldBe("Join>b");
    }

    [Fact]
    public void No_seeds_are_nothing_to_join()
    {
        var process = Of('a');

        process.ToSeeds([]).ShouldBeFalse();

        process.IsUnderway.ShouldBeFalse();
    }

    [Fact]
    public void Terms_that_differ_are_told_in_words()
    {
        var ours = JoinTerms.Of(new ClusterSetup());

        ours.MismatchWith(ours).ShouldBeEmpty();
        (ours with { Protocol = 2 }).MismatchWith(ours).ShouldBeEmpty();
        (ours with { Protocol = 3, OldestProtocol = 2 }).MismatchWith(ours)
            .ShouldBe("the node speaks version 2 to 3 of the cluster protocol, the cluster 1 to 1");
        JoinTerms.Of(new ClusterSetup { StableAfter = TimeSpan.FromSeconds(20) }).MismatchWith(ours)
            .ShouldContain("'keep-majority, stable-after 20000 ms");
        JoinTerms.Of(new ClusterSetup { SplitBrainResolver = null }).MismatchWith(ours).ShouldContain("'none'");
        JoinTerms.Of(new ClusterSetup { SplitBrainResolver = new Akka.Cluster.SBR.KeepOldest { Role = "chat", DownIfAlone = false } }).MismatchWith(ours)
            .ShouldContain("'keep-oldest, role chat, ");
    }

    [Fact]
    public void What_else_must_be_the_same_is_compared_where_both_know_it()
    {
        var cluster = Same(("store", "one"), ("shards", "64"));

        Same(("store", "one"), ("shards", "64")).MismatchWith(cluster).ShouldBeEmpty();
        Same(("store", "one"), ("new", "x")).MismatchWith(cluster).ShouldBeEmpty();
        Same().MismatchWith(cluster).ShouldBeEmpty();
        Same(("store", "two"), ("shards", "64")).MismatchWith(cluster).ShouldBe("the node's store is 'two', the cluster's is 'one'");

        static JoinTerms Same(params (string Name, string Value)[] all) =>
            JoinTerms.Of(new ClusterSetup { SameOnAll = all.ToImmutableSortedDictionary(one => one.Name, one => one.Value) });
    }

    private JoinProcess Of(char self) => new(Node(self), Setup, JoinTerms.Of(Setup), _host);

    private bool Wait(JoinProcess process, double seconds)
    {
        _host.Now += TimeSpan.FromSeconds(seconds);
        return process.Tick();
    }
}
