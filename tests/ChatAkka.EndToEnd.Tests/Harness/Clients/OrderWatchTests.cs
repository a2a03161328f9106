namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>The watch that every test relies on sees what it is meant to see.</summary>
public sealed class OrderWatchTests
{
    [Fact]
    public void Events_in_order_with_own_oks_between_are_fine() => Check(Sync(1, 2), Event(3), Ok("a", 5), Event(4), Event(6));

    [Fact]
    public void Gap_that_a_sync_announces_is_fine() => Check(Sync(more: true, head: 500, 1, 2), Event(501));

    [Fact]
    public void Membership_that_begins_again_is_fine() => Check(Event(1), Removed(), Event(7));

    [Fact]
    public void Repeat_of_an_own_send_is_fine() =>
        Check(Sync(1, 2, 3), """{"op":"ok","ref":"a","channel":"c","id":"2","duplicate":true}""", Event(4));

    [Fact]
    public void Missing_event_is_seen() => Should.Throw<ShouldAssertException>(() => Check(Event(1), Event(3)));

    [Fact]
    public void Missing_event_after_a_sync_is_seen() => Should.Throw<ShouldAssertException>(() => Check(Sync(1, 2), Event(4)));

    [Fact]
    public void Event_that_comes_twice_is_seen() => Should.Throw<ShouldAssertException>(() => Check(Event(1), Event(2), Event(2)));

    [Fact]
    public void Event_that_comes_too_late_is_seen() => Should.Throw<ShouldAssertException>(() => Check(Event(1), Event(3), Event(2)));

    [Fact]
    public void Event_beside_its_ok_is_seen()
    {
        Should.Throw<ShouldAssertException>(() => Check(Event(1), Ok("a", 2), Event(2)));
        Should.Throw<ShouldAssertException>(() => Check(Event(1), Event(2), Ok("a", 2)));
    }

    [Fact]
    public void Id_that_is_given_twice_is_seen() => Should.Throw<ShouldAssertException>(() => Check(Ok("a", 2), Ok("b", 2)));

    [Fact]
    public void What_an_ok_has_overtaken_is_missing_unless_the_connection_broke_and_nothing_else_is()
    {
        Should.Throw<ShouldAssertException>(() => Check(Event(1), Ok("a", 4)));
        Check(isCut: true, Event(1), Ok("a", 4));
        Should.Throw<ShouldAssertException>(() => Check(isCut: true, Event(1), Ok("a", 4), Event(5)));
    }

    private static void Check(params string[] frames) => Check(isCut: false, frames);

    private static void Check(bool isCut, params string[] frames) =>
        OrderWatch.Check([.. frames.Select(f => new Frame(f))], new HashSet<string> { "a", "b" }, unanswered: 0, isCut);

    private static string Event(long id) => $$"""{"op":"event","channel":"c","id":"{{id}}","type":"message"}""";

    private static string Ok(string reference, long id) => $$"""{"op":"ok","ref":"{{reference}}","channel":"c","id":"{{id}}"}""";

    private static string Removed() => """{"op":"channel","removed":"c"}""";

    private static string Sync(params long[] ids) => Sync(more: false, ids[^1], ids);

    private static string Sync(bool more, long head, params long[] ids)
    {
        var events = string.Join(',', ids.Select(Event));
        return $$"""{"op":"sync","channel":{"id":"c","head":"{{head}}"},"events":[{{events}}],"more":{{(more ? "true" : "false")}}}""";
    }
}
