using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Selection;

public sealed class ActorSelectionTests : TestKit.Xunit2.TestKit
{
    private readonly IActorRef _parent;

    public ActorSelectionTests()
    {
        _parent = Sys.ActorOf(Props.Create(() => new Parent()), "parent");
        _parent.Ask<string>("ready", TimeSpan.FromSeconds(3)).GetAwaiter().GetResult();
    }

    [Theory]
    [InlineData("/user/parent/a")]
    [InlineData("akka://test/user/parent/a")]
    [InlineData("/user/parent/b/../a")]
    public void Path_finds_the_actor(string path)
    {
        Sys.ActorSelection(path).Tell("who", TestActor);
        ExpectMsg("a");
    }

    [Fact]
    public void Relative_path_starts_at_the_anchor()
    {
        Sys.ActorSelection(_parent, "b").Tell("who", TestActor);
        ExpectMsg("b");
    }

    [Fact]
    public void Context_selects_relative_to_itself()
    {
        _parent.Tell("sibling");
        ExpectMsg("b");
    }

    [Fact]
    public void Wildcard_finds_all_that_match()
    {
        Sys.ActorSelection("/user/parent/*").Tell("who", TestActor);
        ReceiveN(2).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public void Path_without_an_actor_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        Sys.ActorSelection("/user/nobody/here").Tell("who", TestActor);
        var letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("who");
        letter.Recipient.Path.ToStringWithoutAddress().ShouldBe("/user/nobody/here");
    }

    [Fact]
    public async Task ResolveOne_gives_the_reference()
    {
        var found = await Sys.ActorSelection("/user/parent/a").ResolveOne(TimeSpan.FromSeconds(3));
        found.Path.Name.ShouldBe("a");
        found.Tell("who", TestActor);
        ExpectMsg("a");
    }

    [Fact]
    public async Task ResolveOne_of_nobody_fails() =>
        await Should.ThrowAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromSeconds(3)));

    [Fact]
    public void Identify_is_answered_for_the_living_and_the_dead()
    {
        _parent.Tell(new Identify(1));
        ExpectMsg(new ActorIdentity(1, _parent));
        Watch(_parent);
        Sys.Stop(_parent);
        ExpectTerminated(_parent);
        _parent.Tell(new Identify(2));
        ExpectMsg<ActorIdentity>().Subject.IsNobody().ShouldBeTrue();
    }

    [Fact]
    public async Task Selection_can_be_asked() =>
        (await Sys.ActorSelection("/user/parent/b").Ask<string>("who", TimeSpan.FromSeconds(3))).ShouldBe("b");

    private sealed class Parent : ReceiveActor
    {
        public Parent()
        {
            Context.ActorOf<Child>("a");
            Context.ActorOf<Child>("b");
            Receive<string>(s => s == "sibling", _ => Context.ActorSelection("a/../b").Tell("who", Sender));
            ReceiveAny(_ => Sender.Tell("ready"));
        }
    }

    private sealed class Child : ReceiveActor
    {
        public Child() => ReceiveAny(_ => Sender.Tell(Self.Path.Name));
    }
}
