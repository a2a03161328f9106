using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;

namespace Akka.Embedded.Tests.Internals.Singleton;

/// <summary>What the managers of a singleton decide, without actors.</summary>
public sealed class SingletonStateTests
{
    private static readonly UniqueAddress A = Node("a");
    private static readonly UniqueAddress B = Node("b");
    private static readonly UniqueAddress C = Node("c");

    [Fact]
    public void Oldest_member_starts_it_and_the_others_dont()
    {
        var members = Members((A, MemberStatus.Up), (B, MemberStatus.Up));

        Decide(New(A), members).Effects.ShouldBe([new StartSingleton()]);
        Decide(New(B), members).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Member_of_another_role_doesnt_count()
    {
        var member = new Member(A, MemberStatus.Up, [], 1);
        var worker = new Member(B, MemberStatus.Up, ["worker"], 2);
        var members = MembersByAge.Of("worker").With(State(member, worker));

        Decide(new SingletonState(B, "worker"), members).Effects.ShouldBe([new StartSingleton()]);
        Decide(new SingletonState(A, "worker"), members).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Node_that_isnt_up_yet_doesnt_start_it()
    {
        Decide(New(A), Members((A, MemberStatus.Joining))).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Next_node_asks_the_one_that_exits_and_starts_it_when_that_has_released_it()
    {
        var (b, effects) = Decide(New(B), Members((A, MemberStatus.Exiting), (B, MemberStatus.Up)));
        effects.ShouldBe([new AskForHandOver(A), new RetryHandOver()]);
        (b, effects) = b.Decide(new HandOverRetryDue());
        effects.ShouldBe([new AskForHandOver(A), new RetryHandOver()]);

        (b, effects) = b.Decide(new HandOverCompleted(A));

        effects.ShouldBe([new StartSingleton()]);
        b.Phase.ShouldBe(SingletonPhase.Running);
        b.Decide(new HandOverRetryDue()).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Next_node_starts_it_without_an_answer_when_the_one_before_has_been_removed()
    {
        var (b, _) = Decide(New(B), Members((A, MemberStatus.Exiting), (B, MemberStatus.Up)));

        Decide(b, Members((B, MemberStatus.Up))).Effects.ShouldBe([new StartSingleton()]);
    }

    [Fact]
    public void Node_that_is_down_is_waited_for_and_not_asked()
    {
        var (b, effects) = Decide(New(B), Members((A, MemberStatus.Down), (B, MemberStatus.Up)));
        effects.ShouldBe([new RetryHandOver()]);

        Decide(b, Members((B, MemberStatus.Up))).Effects.ShouldBe([new StartSingleton()]);
    }

    [Fact]
    public void Release_that_is_told_before_the_exit_is_seen_counts()
    {
        var (b, _) = Decide(New(B), Members((A, MemberStatus.Leaving), (B, MemberStatus.Up)));

        b.Decide(new HandOverCompleted(A)).Effects.ShouldBe([new StartSingleton()]);
    }

    [Fact]
    public void Release_of_one_is_not_the_release_of_all()
    {
        var members = Members((A, MemberStatus.Exiting), (B, MemberStatus.Exiting), (C, MemberStatus.Up));
        var (c, effects) = Decide(New(C), members);
        effects.ShouldBe([new AskForHandOver(A), new AskForHandOver(B), new RetryHandOver()]);

        (c, effects) = c.Decide(new HandOverCompleted(B));
        effects.ShouldNotContain(new StartSingleton());
        c.Decide(new HandOverCompleted(A)).Effects.ShouldBe([new StartSingleton()]);
    }

    [Fact]
    public void Node_that_exits_stops_it_and_then_tells_the_next_one()
    {
        var (a, _) = Decide(New(A), Members((A, MemberStatus.Up), (B, MemberStatus.Up)));

        (a, var effects) = Decide(a, Members((A, MemberStatus.Exiting), (B, MemberStatus.Up)));
        effects.ShouldBe([new StopSingleton()]);
        (a, effects) = a.Decide(new HandOverAsked(B));
        effects.ShouldBeEmpty();
        (a, effects) = a.Decide(new SingletonStopped());
        effects.ShouldBe([new TellReleased(B), new ReportReleased()]);

        a.Decide(new HandOverAsked(B)).Effects.ShouldBe([new TellReleased(B)]);
        a.Phase.ShouldBe(SingletonPhase.Released);
    }

    [Fact]
    public void Node_that_is_asked_before_it_sees_itself_exit_stops_it_too()
    {
        var (a, _) = Decide(New(A), Members((A, MemberStatus.Leaving), (B, MemberStatus.Up)));

        (a, var effects) = a.Decide(new HandOverAsked(B));
        effects.ShouldBe([new StopSingleton()]);
        a.Decide(new SingletonStopped()).Effects.ShouldBe([new TellReleased(B), new ReportReleased()]);
    }

    [Fact]
    public void Node_that_is_asked_and_has_never_run_it_never_will()
    {
        var (b, _) = Decide(New(B), Members((A, MemberStatus.Up), (B, MemberStatus.Up), (C, MemberStatus.Up)));

        (b, var effects) = b.Decide(new HandOverAsked(C));
        effects.ShouldBe([new TellReleased(C), new ReportReleased()]);

        Decide(b, Members((B, MemberStatus.Up), (C, MemberStatus.Up))).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Singleton_that_stops_by_itself_isnt_started_again_but_handed_over()
    {
        var (a, _) = Decide(New(A), Members((A, MemberStatus.Up), (B, MemberStatus.Up)));
        (a, var effects) = a.Decide(new SingletonStopped());
        effects.ShouldBeEmpty();

        Decide(a, Members((A, MemberStatus.Exiting), (B, MemberStatus.Up))).Effects.ShouldBe([new StopSingleton()]);
    }

    [Fact]
    public void Last_node_releases_it_to_nobody()
    {
        var (a, _) = Decide(New(A), Members((A, MemberStatus.Up)));

        (a, var effects) = a.Decide(new ReleaseWanted());
        effects.ShouldBe([new StopSingleton()]);
        a.Decide(new SingletonStopped()).Effects.ShouldBe([new ReportReleased()]);
    }

    [Fact]
    public void Never_two_at_once_in_any_order_of_news_and_always_one_in_the_end()
    {
        for (var seed = 0; seed < 500 * int.Parse(Environment.GetEnvironmentVariable("CHATAKKA_SEEDS") ?? "1"); seed++)
            new SingletonModel(seed).Run();
    }

    private static UniqueAddress Node(string host) => new(new Address("akka.tcp", "test", host, 1), host[0]);

    private static SingletonState New(UniqueAddress self) => new(self, null);

    private static (SingletonState Next, ImmutableList<SingletonEffect> Effects) Decide(SingletonState state, MembersByAge members) =>
        state.Decide(new MembersAre(members));

    private static MembersByAge Members(params (UniqueAddress Node, MemberStatus Status)[] byAge) =>
        MembersByAge.Of(null).With(State(
            [.. byAge.Select(static (m, i) => new Member(m.Node, m.Status, [], m.Status == MemberStatus.Joining ? Member.NoUpNumber : i + 1))]));

    private static ClusterEvent.CurrentClusterState State(params Member[] members) =>
        new([.. members], [], [], null, ImmutableDictionary<string, Address?>.Empty);
}
