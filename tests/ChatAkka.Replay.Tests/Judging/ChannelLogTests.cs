using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Judging;

public sealed class ChannelLogTests
{
    private readonly ChannelLog _log = new();

    public ChannelLogTests() => _log.BeginConnection(1, null, 0);

    [Fact]
    public void Ids_in_order_are_no_anomaly()
    {
        Receive(1, 2, 3);

        Anomalies().ShouldBeEmpty();
        (_log.Contiguous, _log.Settled, _log.Highest).ShouldBe((3, 3, 3));
    }

    [Fact]
    public void Id_skipped_is_a_gap_and_holds_the_cursor()
    {
        Receive(1, 2, 4);

        Anomalies().ShouldBe(["Gap 3"]);
        (_log.Contiguous, _log.Settled).ShouldBe((2, 4));
    }

    [Fact]
    public void Id_that_comes_late_is_out_of_order_and_no_gap()
    {
        Receive(1, 3, 2, 4);

        Anomalies().ShouldBe(["OutOfOrder 2"]);
        _log.Contiguous.ShouldBe(4);
    }

    [Fact]
    public void Id_that_comes_twice_is_a_duplicate()
    {
        Receive(1, 2, 2, 3);

        Anomalies().ShouldBe(["Duplicate 2"]);
    }

    [Fact]
    public void First_id_must_be_one()
    {
        Receive(2);

        Anomalies().ShouldBe(["Gap 1"]);
    }

    [Theory]
    [InlineData("1 ok2 3 ok4 5")]
    [InlineData("1 ok4 2 3 5")] // the reply overtakes events
    [InlineData("1 2 4 ok3 5")] // the event overtakes the reply
    [InlineData("ok2 1 ok3")]
    public void Own_ids_are_filled_by_their_oks(string sequence)
    {
        Play(sequence);

        Anomalies().ShouldBeEmpty();
        _log.Contiguous.ShouldBe(sequence.Contains('5') ? 5 : 3);
    }

    [Theory]
    [InlineData("1 ok2 2")]
    [InlineData("1 2 ok2")]
    public void Event_beside_the_ok_is_a_duplicate(string sequence)
    {
        Play(sequence);

        Anomalies().ShouldBe(["Duplicate 2"]);
    }

    [Fact]
    public void Event_before_the_ok_of_a_repeated_send_is_fine()
    {
        Receive(1, 2);
        _log.Acknowledged(Event(2), fresh: false);

        Anomalies().ShouldBeEmpty();
    }

    [Fact]
    public void Coming_back_with_own_cursor_everything_above_it_comes_again()
    {
        Receive(1, 2, 3);
        _log.BeginConnection(2, 2, 0);
        Receive(3, 4);

        Anomalies().ShouldBeEmpty();
    }

    [Fact]
    public void Coming_back_with_own_cursor_nothing_below_it_may_come()
    {
        Receive(1, 2, 3);
        _log.BeginConnection(2, 3, 0);
        Receive(3, 4);

        Anomalies().ShouldBe(["Duplicate 3"]);
    }

    [Fact]
    public void Coming_back_with_own_cursor_the_next_id_must_come()
    {
        Receive(1, 2, 3);
        _log.BeginConnection(2, 3, 0);
        Receive(5);

        Anomalies().ShouldBe(["Gap 4"]);
    }

    [Theory]
    [InlineData("2 3 4")] // its cursor may be older than what the device has
    [InlineData("4 5")]
    public void Coming_back_with_the_servers_cursor_it_may_lie_lower(string sequence)
    {
        Receive(1, 2, 3);
        _log.BeginConnection(2, null, 0);
        Play(sequence);

        Anomalies().ShouldBeEmpty();
    }

    [Fact]
    public void Coming_back_with_the_servers_cursor_it_must_not_lie_higher()
    {
        Receive(1, 2, 3);
        _log.BeginConnection(2, null, 0);
        Receive(5);

        Anomalies().ShouldBe(["Gap 4"]);
    }

    [Fact]
    public void Coming_back_after_an_orderly_good_bye_what_was_acknowledged_must_not_come_again()
    {
        Receive(1, 2, 3);
        _log.BeginConnection(2, null, floor: 2);
        Receive(2, 3);

        Anomalies().ShouldBe(["Duplicate 2"]);
    }

    [Fact]
    public void Missed_event_that_only_a_later_connection_brings_stays_a_gap()
    {
        Receive(1, 3);
        _log.BeginConnection(2, 1, 0);
        Receive(2, 3);

        Anomalies().ShouldBe(["Gap 2"]);
        _log.Contiguous.ShouldBe(3);
    }

    [Fact]
    public void Second_sight_that_differs_is_a_change()
    {
        Receive(1, 2);
        _log.BeginConnection(2, 1, 0);
        _log.Receive(Event(2, "other"), 0);

        Anomalies().ShouldBe(["Changed 2"]);
    }

    [Fact]
    public void Sync_with_more_is_paged_while_live_events_go_on_above_its_head()
    {
        Receive(1, 2);
        _log.BeginPaging(head: 6);
        Receive(7);
        _log.PageAfter.ShouldBe(2);
        _log.ReceivePage([Event(3), Event(5)], hasAfter: true); // 4 is not a message
        (_log.PageAfter, _log.Contiguous).ShouldBe((5, 5));
        _log.ReceivePage([Event(6), Event(7)], hasAfter: false);

        Anomalies().ShouldBeEmpty();
        _log.PageAfter.ShouldBeNull();
        _log.Contiguous.ShouldBe(7);
        (_log.Has(4), _log.Event(4)).ShouldBe((true, null));
    }

    [Fact]
    public void History_page_out_of_order_or_with_a_repeat_is_noticed()
    {
        _log.BeginPaging(head: 4);
        _log.ReceivePage([Event(1), Event(3), Event(2), Event(3), Event(4)], hasAfter: false);

        Anomalies().ShouldBe(["OutOfOrder 2", "Duplicate 3"]);
    }

    [Fact]
    public void Waiting_for_an_id_ends_when_it_or_what_it_skipped_is_known()
    {
        var reached = _log.ReachedAsync(3);
        Receive(1, 2);
        reached.IsCompleted.ShouldBeFalse();
        Receive(4);
        reached.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Id_beyond_any_range_is_an_error() => Should.Throw<FormatException>(() => Receive(1L << 60));

    private static TimelineEvent Event(long id, string text = "text") =>
        new(id, id, "user", TimelineEvent.Message, System.Text.Encoding.UTF8.GetBytes(text));

    private void Receive(params long[] ids) => Array.ForEach(ids, id => _log.Receive(Event(id), 1));

    private void Play(string sequence)
    {
        foreach (var step in sequence.Split(' '))
        {
            if (step.StartsWith("ok", StringComparison.Ordinal))
            {
                _log.Acknowledged(Event(long.Parse(step[2..])), fresh: true);
            }
            else
            {
                Receive(long.Parse(step));
            }
        }
    }

    private IEnumerable<string> Anomalies() => _log.Anomalies.Select(a => $"{a.Kind} {a.Id}");
}
