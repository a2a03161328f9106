using Akka.Actor;

namespace Akka.Embedded.Tests.Actors;

public sealed class PropsTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Expression_arguments_are_evaluated_once()
    {
        var counter = 0;
        var props = Props.Create(() => new Saying(Count(ref counter)));
        Ask(props).ShouldBe("1");
        Ask(props).ShouldBe("1");
    }

    [Fact]
    public void Every_form_makes_the_actor()
    {
        var text = "captured";
        var holder = new { Text = "member" };
        Ask(Props.Create(() => new Saying(text))).ShouldBe("captured");
        Ask(Props.Create(() => new Saying(holder.Text))).ShouldBe("member");
        Ask(Props.Create(() => new Saying(text + "!"))).ShouldBe("captured!");
        Ask(Props.Create<Saying>("argument")).ShouldBe("argument");
        Ask(Props.Create(typeof(Saying), "type")).ShouldBe("type");
        Ask(new Props(typeof(Saying), ["new"])).ShouldBe("new");
        Ask(Props.Create<Saying>()).ShouldBe("nothing");
        Ask(Props.CreateBy(new Producer())).ShouldBe("produced");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET throws InvalidCastException.
    public void Expression_that_is_no_constructor_call_is_refused() =>
        Should.Throw<ArgumentException>(() => Props.Create(() => Make()));

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET fails to make the actor.
    public void Constructor_that_is_not_public_is_refused() => Hidden.ShouldBeRefused();

    [Fact]
    public void Props_know_type_and_arguments()
    {
        var props = Props.Create(() => new Saying("x"));
        props.Type.ShouldBe(typeof(Saying));
        props.Arguments.ShouldBe(["x"]);
    }

    private static string Count(ref int counter) => (++counter).ToString();

    private static Saying Make() => new("made");

    private string Ask(Props props) => Sys.ActorOf(props).Ask<string>("what", TimeSpan.FromSeconds(3)).GetAwaiter().GetResult();

    private sealed class Saying : ReceiveActor
    {
        public Saying() : this("nothing") { }

        public Saying(string text) => ReceiveAny(_ => Sender.Tell(text));
    }

    private sealed class Producer : IIndirectActorProducer
    {
        public Type ActorType => typeof(Saying);

        public ActorBase Produce() => new Saying("produced");

        public void Release(ActorBase actor) { }
    }

    private sealed class Hidden : UntypedActor
    {
        private Hidden() { }

        public static void ShouldBeRefused() => Should.Throw<ArgumentException>(() => Props.Create(() => new Hidden()));

        protected override void OnReceive(object message) { }
    }
}
