using Akka.Actor;
using Akka.TestKit;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using Inbox = ChatAkka.Actors.Users.Inbox;

namespace ChatAkka.Actors.Tests.Users;

/// <summary>What the store has is told to the members, once it has it.</summary>
public sealed class CursorSaverTests : ActorTest
{
    private readonly Inbox _inbox = new(16);
    private readonly UserSessions _sessions = new();
    private readonly UserState _state = UserState.Empty(Ann).Apply(new ChannelJoined(Group, 1)).Apply(new ChannelJoined(new ChannelId("32"), 1));
    private readonly CursorSaver _saver;

    public CursorSaverTests()
    {
        _inbox.Join(Group, 9);
        UserRegion = CreateTestProbe("users");
        _saver = NewSaver();
    }

    private TestProbe UserRegion { get; }

    private CursorSaver NewSaver() => new(Ann, _inbox, new ReadCursors(_inbox, _sessions), Services, TestActor, TimersOfAnActor());

    private UserServices Services =>
        new(new ChatOptions(), Store, Store, Store, new FakeContacts(), OtherRegion.Ref, UserRegion.Ref);

    [Fact]
    public void Receipt_that_a_session_has_read_from_the_store_meanwhile_is_told_all_the_same()
    {
        var receipt = new Receipt(Ann, Group, 9, 8, 4);
        _inbox[Group].Learn(receipt); // as a session that attaches does

        _saver.OnSaved(Saved(receipt), _state).ShouldBeTrue();

        OtherRegion.ExpectMsg(new ReceiptMoved(Group, Ann, 9, 8));
    }

    [Fact]
    public void Receipt_that_is_overtaken_is_told_only_as_far_as_it_is_not()
    {
        _inbox[Group].Learn(new Receipt(Ann, Group, 9, 7, 3));

        _saver.OnSaved(Saved(new Receipt(Ann, Group, 8, 7, 3)), _state);
        OtherRegion.ExpectMsg(new ReceiptMoved(Group, Ann, 0, 7));

        _saver.OnSaved(Saved(new Receipt(Ann, Group, 8, 6, 2)), _state);
        OtherRegion.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Receipt_of_a_save_that_seemed_to_fail_is_told_by_the_next_although_a_session_has_read_it_from_the_store()
    {
        _inbox.Append(new Delivery(Group, [.. Enumerable.Range(10, 11).Select(id => new TitleChanged(id, 0, 0, Bob, "t"))]));
        _saver.Moves.Move(DeviceCursors.Reader, Group, 20, _inbox[Group]).ShouldBeTrue();
        Store.FailWrites = new StorageUnavailableException("no answer");
        _saver.SaveNow();
        var failed = ExpectMsg<CursorsSaved>();
        Store.FailWrites = null;
        failed.Succeeded.ShouldBeFalse();
        _inbox[Group].Learn(new Receipt(Ann, Group, 20, 20, 11)); // it had not: the session has found it

        _saver.OnSaved(failed, _state);
        _saver.SaveNow();
        _saver.OnSaved(ExpectMsg<CursorsSaved>(), _state);

        OtherRegion.ExpectMsg(new ReceiptMoved(Group, Ann, 20, 20));
    }

    [Fact]
    public void Save_that_an_earlier_instance_began_says_nothing_of_this_one()
    {
        var saved = Saved(new Receipt(Ann, Group, 9, 0, 0));
        var other = NewSaver();
        other.Moves.Move(AnnPhone, Group, 9, _inbox[Group]);
        other.SaveNow().ShouldBeTrue();

        other.OnSaved(saved, _state).ShouldBeFalse();

        other.Moves.IsSaving.ShouldBeTrue();
    }

    [Fact]
    public void What_is_not_stored_is_passed_on_to_the_next_incarnation()
    {
        Store.FailWrites = new StorageUnavailableException("no answer");
        _saver.Move(new DeviceCursor(AnnPhone, Group, 9), _state);
        _saver.SaveNow();
        _saver.OnSaved(ExpectMsg<CursorsSaved>(), _state);
        _saver.Move(new DeviceCursor(DeviceCursors.Reader, Group, 9), _state);
        _saver.Move(new DeviceCursor(AnnLaptop, Group, 10), _state); // whose event hasn't come
        _saver.Move(new DeviceCursor(AnnLaptop, new ChannelId("32"), 4), _state); // a channel of which nothing is known yet

        _saver.PassOn();

        UserRegion.ReceiveN(4).ShouldBe(
            [
                new MoveCursor(Ann, AnnPhone, Group, 9), new MoveReadCursor(Ann, Group, 9), new MoveCursor(Ann, AnnLaptop, Group, 10),
                new MoveCursor(Ann, AnnLaptop, new ChannelId("32"), 4),
            ],
            ignoreOrder: true);
    }

    // A save that has ended with these.
    private CursorsSaved Saved(params Receipt[] receipts)
    {
        _saver.Moves.Move(AnnPhone, Group, 9, _inbox[Group]);
        _saver.SaveNow();
        return ExpectMsg<CursorsSaved>() with { Receipts = receipts };
    }

    private ITimerScheduler TimersOfAnActor() =>
        Sys.ActorOf(Props.Create(() => new Clock())).Ask<ITimerScheduler>("timers", TimeSpan.FromSeconds(5)).GetAwaiter().GetResult();

    private sealed class Clock : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message) => Sender.Tell(Timers);
    }
}
