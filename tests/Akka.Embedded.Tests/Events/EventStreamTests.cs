using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Events;

public sealed class EventStreamTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Subscriber_gets_events_of_the_type_and_of_what_derives_from_it()
    {
        Sys.EventStream.Subscribe<Base>(TestActor).ShouldBeTrue();
        Sys.EventStream.Subscribe<Base>(TestActor).ShouldBeFalse();
        Sys.EventStream.Publish(new Base());
        Sys.EventStream.Publish(new Derived());
        Sys.EventStream.Publish("other");
        ExpectMsg<Base>();
        ExpectMsg<Derived>();
        ExpectNoMsg();
    }

    [Fact]
    public void Subscriber_of_two_types_gets_an_event_of_both_once()
    {
        Sys.EventStream.Subscribe<Base>(TestActor);
        Sys.EventStream.Subscribe<Derived>(TestActor);
        Sys.EventStream.Publish(new Derived());
        ExpectMsg<Derived>();
        ExpectNoMsg();
    }

    [Fact]
    public void Unsubscribed_gets_nothing()
    {
        Sys.EventStream.Subscribe<Base>(TestActor);
        Sys.EventStream.Publish(new Base());
        ExpectMsg<Base>();
        Sys.EventStream.Unsubscribe<Base>(TestActor).ShouldBeTrue();
        Sys.EventStream.Unsubscribe(TestActor).ShouldBeFalse();
        Sys.EventStream.Publish(new Base());
        ExpectNoMsg();
    }

    [Fact]
    public void Stopped_subscriber_is_forgotten()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe<Base>(probe);
        Sys.EventStream.Subscribe<Base>(probe.Ref);
        Watch(probe.Ref);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe.Ref);
        AwaitAssert(() => Sys.EventStream.Unsubscribe(probe.Ref).ShouldBeFalse());
    }

    [Fact]
    public void Message_to_a_stopped_actor_is_a_dead_letter_with_sender_and_recipient()
    {
        var probe = CreateTestProbe();
        Watch(probe.Ref);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe.Ref);
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        probe.Ref.Tell("late");
        var letter = ExpectMsg<DeadLetter>();
        (letter.Message, letter.Sender, letter.Recipient).ShouldBe(("late", TestActor, probe.Ref));
    }

    [Fact]
    public void Suppressed_dead_letter_is_published_as_such()
    {
        Sys.EventStream.Subscribe<AllDeadLetters>(TestActor);
        Sys.DeadLetters.Tell(PoisonPill.Instance, TestActor);
        ExpectMsg<SuppressedDeadLetter>().Message.ShouldBe(PoisonPill.Instance);
    }

    private class Base;

    private sealed class Derived : Base;
}
