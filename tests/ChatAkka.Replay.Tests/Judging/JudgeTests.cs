using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Judging;

public sealed class JudgeTests
{
    private readonly Room _room = new();

    [Fact]
    public void Promises_kept_give_no_finding()
    {
        _room.Say("one");
        _room.Say("두번째 👋");
        _room.Say("one");

        _room.Judge().ShouldBeEmpty();
    }

    [Fact]
    public void Text_that_a_device_never_saw_is_lost_there()
    {
        _room.Say("one");
        _room.Say("two", except: "r2");

        _room.Judge().ShouldBe(["Lost 3 r2"]);
    }

    [Fact]
    public void Text_that_a_device_skipped_is_lost_once_and_nothing_else()
    {
        _room.Say("one", except: "r1");
        _room.Say("two");

        _room.Judge().ShouldBe(["Lost 2 r1"]);
    }

    [Fact]
    public void Text_acknowledged_that_is_nowhere_is_lost_everywhere()
    {
        _room.Say("one", "r1", "r2");
        _room.History.Clear();

        _room.Judge().ShouldBe(["Lost 2 history", "Lost 2 r1", "Lost 2 r2"]);
    }

    [Fact]
    public void Event_seen_twice_is_duplicated()
    {
        _room.Say("one");
        _room["r1"].Receive(Room.Message(2, 1, "one"), 1);

        _room.Judge().ShouldBe(["Duplicated 2 r1"]);
    }

    [Fact]
    public void Event_seen_late_is_out_of_order()
    {
        _room.Say("one", except: "r1");
        _room.Say("two");
        _room["r1"].Receive(Room.Message(2, 1, "one"), 1);

        _room.Judge().ShouldBe(["OutOfOrder 2 r1"]);
    }

    [Theory]
    [InlineData("One")]
    [InlineData("one ")]
    [InlineData("")]
    public void Text_that_differs_by_a_byte_is_corrupted(string seen)
    {
        _room.Say("one", except: "r1");
        _room["r1"].Receive(Room.Message(2, 1, seen), 1);

        _room.Judge().ShouldBe(["Corrupted 2 r1"]);
    }

    [Fact]
    public void Text_under_another_name_is_corrupted()
    {
        _room.Say("one", except: "r1");
        _room["r1"].Receive(Room.Message(2, 1, "one", from: "user-r2"), 1);

        _room.Judge().ShouldBe(["Corrupted 2 r1"]);
    }

    [Fact]
    public void Count_that_differs_from_the_oks_is_corrupted()
    {
        _room.Say("one", except: "r1");
        _room["r1"].Receive(Room.Message(2, 2, "one"), 1);

        _room.Judge().ShouldBe(["Corrupted 2 r1"]);
    }

    [Fact]
    public void Counts_that_skip_are_corrupted_even_when_all_agree()
    {
        var send = _room.Submit("one");
        Room.Acknowledge(send, 2, 5);
        var e = Room.Message(2, 5, "one");
        _room["w"].Receive(e, 1, isDelivery: false);
        _room["r1"].Receive(e, 1);
        _room["r2"].Receive(e, 1);
        _room.Page(e);

        _room.Judge().ShouldBe(["Corrupted 2 timeline"]);
    }

    [Fact]
    public void Client_id_of_another_send_is_corrupted()
    {
        _room.Say("one", except: "r1");
        _room["r1"].Receive(Room.Message(2, 1, "one"), 1, true, (Own: true, ClientId: "c7"));

        _room.Judge().ShouldBe(["Corrupted 2 r1"]);
    }

    [Fact]
    public void Unacknowledged_send_may_be_absent()
    {
        _room.Say("one");
        _room.Submit("two");

        _room.Judge().ShouldBeEmpty();
    }

    [Fact]
    public void Unacknowledged_send_may_be_present()
    {
        _room.Submit("one");
        ShowEverywhere(2, 1, "one");

        _room.Judge().ShouldBeEmpty();
    }

    [Fact]
    public void Unacknowledged_send_must_not_be_present_twice()
    {
        _room.Submit("one");
        ShowEverywhere(2, 1, "one");
        ShowEverywhere(3, 2, "one");

        _room.Judge().ShouldBe(["Duplicated 3 timeline"]);
    }

    [Fact]
    public void Unacknowledged_send_that_only_some_saw_is_lost_for_the_others()
    {
        _room.Submit("one");
        _room["r1"].Receive(Room.Message(2, 1, "one"), 1);

        _room.Judge().ShouldBe(["Lost 2 history", "Lost 2 r2", "Lost 2 w"]);
    }

    [Fact]
    public void Acknowledged_text_stored_again_is_duplicated()
    {
        _room.Say("one");
        ShowEverywhere(3, 2, "one");

        _room.Judge().ShouldBe(["Duplicated 3 timeline"]);
    }

    [Fact]
    public void Text_that_nobody_sent_is_corrupted()
    {
        _room.Say("one");
        ShowEverywhere(3, 2, "who said that?");

        _room.Judge().ShouldBe(["Corrupted 3 timeline"]);
    }

    [Fact]
    public void Id_acknowledged_for_two_sends_is_a_loss()
    {
        _room.Say("one");
        Room.Acknowledge(_room.Submit("two"), 2, 1);

        _room.Judge().ShouldBe(["Lost 2 timeline"]);
    }

    [Fact]
    public void Repeat_with_another_id_is_duplicated()
    {
        var send = _room.Say("one");
        Room.Acknowledge(send, 2, 1);
        _room.Judge().ShouldBeEmpty();

        Room.Acknowledge(send, 9, 8);
        _room.Judge().ShouldBe(["Duplicated 9 timeline"]);
    }

    [Fact]
    public void Texts_of_one_socket_stored_in_another_order_are_out_of_order()
    {
        var (first, second) = (_room.Submit("first"), _room.Submit("second"));
        Room.Acknowledge(first, 3, 2);
        Room.Acknowledge(second, 2, 1);
        ShowEverywhere(2, 1, "second");
        ShowEverywhere(3, 2, "first");

        _room.Judge().ShouldBe(["OutOfOrder 2 timeline"]);
    }

    [Fact]
    public void Id_below_the_servers_head_that_nobody_saw_is_lost()
    {
        _room.Say("one");
        _room.Head = 3;

        _room.Judge().ShouldBe(["Lost 3 r1", "Lost 3 r2", "Lost 3 w"]);
    }

    [Fact]
    public void History_that_omits_repeats_reorders_or_changes_is_found()
    {
        _room.Say("one");
        _room.Say("two");
        _room.Say("three");
        _room.Say("four");
        var (one, two, three) = (_room.History[0], _room.History[1], _room.History[2]);

        _room.History.Clear();
        _room.History.AddRange([two, one, two, three with { Text = "tree" }]);

        _room.Judge().ShouldBe(["Corrupted 4 history", "Duplicated 3 history", "Lost 5 history", "OutOfOrder 2 history"]);
    }

    [Fact]
    public void Same_id_with_different_events_about_the_channel_is_corrupted()
    {
        foreach (var (device, title) in new[] { ("r1", "one"), ("r2", "another"), ("w", "one") })
        {
            _room[device].Receive(new(2, 0, 0, Room.Writer, EventKind.About, title), 1);
        }

        _room.Judge().Count().ShouldBe(1);
        _room.Judge().Single().ShouldStartWith("Corrupted 2 r");
    }

    private void ShowEverywhere(long id, long n, string text)
    {
        var e = Room.Message(id, n, text);
        foreach (var device in new[] { "w", "r1", "r2" })
        {
            _room[device].Receive(e, 1);
        }

        _room.Page(e);
    }
}
