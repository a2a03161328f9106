using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;

namespace ChatAkka.Actors.Tests.Users;

public sealed class ChannelPositionTests
{
    private readonly ChannelPosition _position = ChannelPosition.At(10);

    [Fact]
    public void Delivery_that_continues_is_next_as_it_is()
    {
        var delivery = Deliver(11, 13);
        _position.NextOf(delivery).ShouldBeSameAs(delivery);
    }

    [Theory]
    [InlineData(9, 12)]
    [InlineData(10, 11)]
    public void Delivery_that_overlaps_is_next_without_what_is_known(long from, long to) =>
        _position.NextOf(Deliver(from, to)).Ids()[0].ShouldBe(11);

    [Fact]
    public void Delivery_of_what_is_known_is_not_next() => _position.NextOf(Deliver(8, 10)).ShouldBeNull();

    [Fact]
    public void Delivery_behind_a_gap_is_not_next_nor_is_any_until_the_gap_is_filled()
    {
        _position.NextOf(Deliver(12, 12)).ShouldBeNull();
        _position.HearOf(12).ShouldBeTrue();
        _position.NextOf(Deliver(11, 11)).ShouldBeNull("the journal is being read already");
        _position.AdvanceTo(Timelines.Event(12));
        _position.HasGap.ShouldBeFalse();
        _position.NextOf(Deliver(13, 13)).ShouldNotBeNull();
    }

    [Fact]
    public void Gap_that_grows_is_opened_once()
    {
        _position.HearOf(10).ShouldBeFalse("that is no gap");
        _position.HearOf(12).ShouldBeTrue();
        _position.HearOf(14).ShouldBeFalse();
        _position.Target.ShouldBe(14);
    }

    [Fact]
    public void Unknown_position_begins_wherever_the_first_delivery_does()
    {
        var unknown = new ChannelPosition();
        unknown.IsKnown.ShouldBeFalse();
        unknown.NextOf(Deliver(70, 71)).Ids().ShouldBe([70, 71]);
    }

    [Fact]
    public void Device_a_little_ahead_is_believed_and_one_far_ahead_is_not()
    {
        _position.Plausible(7).ShouldBe(7);
        _position.Plausible(11).ShouldBe(11, "the ok of an own message may overtake its event");
        _position.Plausible(10 + 256).ShouldBe(10 + 256);
        _position.Plausible(10 + 257).ShouldBe(10);
        _position.HearOf(20);
        _position.Plausible(5_000).ShouldBe(20, "up to there events exist");
    }

    private static Delivery Deliver(long from, long to) => Timelines.Delivery(ActorTest.Group, from, to);
}
