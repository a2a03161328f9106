using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Clients;

public sealed class DeliveredCursorsTests
{
    private readonly DeliveredCursors _delivered = new();
    private readonly ChannelLog _log = new();

    public DeliveredCursorsTests()
    {
        _log.BeginConnection(1, null, 0);
        _log.Receive(new TimelineEvent(1, 0, "u", "created", default), 1);
        _delivered.Open();
        _delivered.Said(_log);
    }

    [Fact]
    public void What_was_said_before_an_answered_good_bye_is_a_floor_once()
    {
        GoodBye(life: 0);

        _delivered.Floor(_log, life: 0).ShouldBe(1);
        _delivered.Open();
        _delivered.Floor(_log, life: 0).ShouldBe(0);
    }

    [Fact]
    public void Good_bye_without_an_answer_gives_no_floor()
    {
        _delivered.SayGoodBye(life: 0);

        _delivered.Floor(_log, life: 0).ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 1)]       // killed in between
    [InlineData(0, null)]    // being killed
    [InlineData(null, null)] // was being killed when it answered
    [InlineData(null, 1)]
    public void Server_that_was_killed_is_held_to_nothing(int? atGoodBye, int? now)
    {
        GoodBye(atGoodBye);

        _delivered.Floor(_log, now).ShouldBe(0);
    }

    [Fact]
    public void News_is_what_this_connection_has_not_said()
    {
        _delivered.IsNews(_log).ShouldBeFalse();
        _delivered.Open();
        _delivered.IsNews(_log).ShouldBeTrue();
    }

    private void GoodBye(int? life)
    {
        _delivered.SayGoodBye(life);
        _delivered.GoodByeAnswered();
    }
}
