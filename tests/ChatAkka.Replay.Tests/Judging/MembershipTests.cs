using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Judging;

/// <summary>Who sees what, and how far everybody got.</summary>
public sealed class MembershipTests
{
    private const string Reader = "user-r2";

    private readonly Room _room = new();

    [Fact]
    public void Leaver_needs_nothing_after_the_removal()
    {
        _room.Say("one");
        Leave();
        _room.Say("two", except: "r2");

        _room.Judge().ShouldBeEmpty();
    }

    [Fact]
    public void Leaver_who_sees_what_was_posted_after_the_removal_is_a_leak()
    {
        Leave();
        _room.Say("one");

        _room.Judge().ShouldBe(["Leaked 3 r2"]);
    }

    [Fact]
    public void Leaver_who_can_still_page_is_a_leak()
    {
        Leave();
        _room.Others[0] = _room.Others[0] with { Messages = [] };

        _room.Judge().ShouldBe(["Leaked 2 history of r2"]);
    }

    [Fact]
    public void Leaver_must_have_no_gap_before_the_removal()
    {
        _room.Say("one", except: "r2");
        Leave();

        _room.Judge().ShouldBe(["Lost 2 r2"]);
    }

    [Fact]
    public void Receipt_that_went_back_is_found()
    {
        _room.Say("one");
        _room["r1"].Receipts.Take(Reader, 2, null);
        _room["r1"].Receipts.Take(Reader, 1, null);

        _room.Judge().ShouldBe(["ReceiptBack 1 r1 of user user-r1"]);
    }

    [Fact]
    public void Cursors_are_what_the_devices_said()
    {
        _room.Say("one");
        _room["r2"].MarkedRead = 2;
        _room["r2"].Receipts.Take(Reader, null, 2);
        _room.Cursors[Reader] = (2, 2);

        _room.Judge().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void Cursor_that_no_device_said_is_wrong(long delivered, long read)
    {
        _room.Say("one");
        _room["r2"].MarkedRead = 2;
        _room["r2"].Receipts.Take(Reader, null, 2);
        _room.Cursors[Reader] = (delivered, read);

        _room.Judge().ShouldBe(["UnreadWrong 2 history, user user-r2"]);
    }

    [Fact]
    public void Device_that_was_not_told_what_its_user_read_is_wrong()
    {
        _room.Say("one");
        _room["r2"].MarkedRead = 2;
        _room.Cursors[Reader] = (2, 2);

        _room.Judge().ShouldBe(["UnreadWrong 2 r2"]);
    }

    [Fact]
    public void Receipt_beyond_what_the_devices_said_is_wrong()
    {
        _room.Say("one");
        _room["r1"].Receipts.Take(Reader, 9, null);

        _room.Judge().ShouldBe(["UnreadWrong 9 r1"]);
    }

    [Fact]
    public void Unread_that_counts_something_else_is_wrong()
    {
        _room.Say("one");
        _room.Unread = 2;

        _room.Judge().ShouldBe(["UnreadWrong 2 history, user user-w"]);
    }

    private void Leave()
    {
        _room.Happen(EventKind.MemberRemoved, "member", user: Reader);
        _room["r2"].Leave();
        _room.Others.Add(new Reading("history of r2", Reader, null, null));
    }
}
