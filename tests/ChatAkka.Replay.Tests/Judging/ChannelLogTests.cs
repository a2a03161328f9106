using ChatAkka.Client.Events;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Judging;

public sealed class ChannelLogTests
{
    private readonly ChannelLog _log = new();

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
    public void First_id_is_where_the_device_begins()
    {
        Receive(7, 8);

        Anomalies().ShouldBeEmpty();
        (_log.Contiguous, _log.Settled).ShouldBe((8, 8));
    }

    [Fact]
    public void Event_that_the_server_left_out_is_a_gap_though_the_client_fetched_it()
    {
        Receive(1, 2);
        _log.Report(ChannelFaultKind.Missing, 3);
        Receive(3, 4);

        Anomalies().ShouldBe(["Gap 3"]);
        _log.Contiguous.ShouldBe(4);
    }

    [Fact]
    public void Event_that_the_server_sent_late_is_out_of_order_and_no_gap()
    {
        Receive(1, 2);
        _log.Report(ChannelFaultKind.Missing, 3);
        _log.Report(ChannelFaultKind.Late, 3);
        Receive(3, 4);

        Anomalies().ShouldBe(["OutOfOrder 3"]);
    }

    [Fact]
    public void Event_that_the_server_sent_twice_is_a_duplicate()
    {
        Receive(1, 2);
        _log.Report(ChannelFaultKind.Repeated, 2);

        Anomalies().ShouldBe(["Duplicate 2"]);
    }

    [Fact]
    public void Event_after_the_user_has_left_is_a_leak()
    {
        Receive(1, 2);
        _log.Leave();
        Receive(3);

        Anomalies().ShouldBe(["Leak 3"]);
    }

    [Fact]
    public void Coming_back_with_own_cursor_everything_above_it_comes_again()
    {
        Receive(1, 2, 3);
        _log.BeginLife(2, 2, 0);
        Receive(3, 4);

        Anomalies().ShouldBeEmpty();
    }

    [Fact]
    public void Coming_back_with_own_cursor_nothing_below_it_may_come()
    {
        Receive(1, 2, 3);
        _log.BeginLife(2, 3, 0);
        Receive(3, 4);

        Anomalies().ShouldBe(["Duplicate 3"]);
    }

    [Fact]
    public void Coming_back_with_own_cursor_the_next_id_must_come()
    {
        Receive(1, 2, 3);
        _log.BeginLife(2, 3, 0);
        Receive(5);

        Anomalies().ShouldBe(["Gap 4"]);
    }

    [Theory]
    [InlineData("2 3 4")] // its cursor may be older than what the device has
    [InlineData("4 5")]
    public void Coming_back_with_the_servers_cursor_it_may_lie_lower(string sequence)
    {
        Receive(1, 2, 3);
        _log.BeginLife(2, null, 0);
        Play(sequence);

        Anomalies().ShouldBeEmpty();
    }

    [Fact]
    public void Coming_back_with_the_servers_cursor_it_must_not_lie_higher()
    {
        Receive(1, 2, 3);
        _log.BeginLife(2, null, 0);
        Receive(5);

        Anomalies().ShouldBe(["Gap 4"]);
    }

    [Fact]
    public void Coming_back_after_an_orderly_good_bye_what_was_acknowledged_must_not_come_again()
    {
        Receive(1, 2, 3);
        _log.BeginLife(2, null, floor: 2);
        Receive(2, 3);

        Anomalies().ShouldBe(["Duplicate 2"]);
    }

    [Fact]
    public void Missed_event_that_only_a_later_connection_brings_stays_a_gap()
    {
        Receive(1, 3);
        _log.BeginLife(2, 1, 0);
        Receive(2, 3);

        Anomalies().ShouldBe(["Gap 2"]);
        _log.Contiguous.ShouldBe(3);
    }

    [Fact]
    public void Second_sight_that_differs_is_a_change()
    {
        Receive(1, 2);
        _log.BeginLife(2, 1, 0);
        _log.Receive(Event(2, "other"), 0);

        Anomalies().ShouldBe(["Changed 2"]);
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
        new(id, id, 0, "user", EventKind.Message, text);

    private void Receive(params long[] ids) => Array.ForEach(ids, id => _log.Receive(Event(id), 1));

    private void Play(string sequence) => Receive([.. sequence.Split(' ').Select(long.Parse)]);

    private IEnumerable<string> Anomalies() => _log.Anomalies.Select(a => $"{a.Kind} {a.Id}");
}
