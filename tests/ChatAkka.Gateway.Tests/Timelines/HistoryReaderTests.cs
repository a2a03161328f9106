using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Tests.Support;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Tests.Timelines;

public sealed class HistoryReaderTests
{
    private readonly FakeTimeline _timeline = new();
    private readonly HistoryReader _reader;

    public HistoryReaderTests() => _reader = new HistoryReader(_timeline);

    [Fact]
    public async Task Every_page_of_every_timeline_is_what_a_filter_would_give()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var messages = Fill(random.Next(0, 60), random.Next(1, 10), random);
            var view = View();
            var range = new HistoryRange((HistorySide)random.Next(4), random.Next(1, 70), random.Next(1, 12));
            var page = await ReadAsync(view, range);

            var (below, above) = (messages.Where(m => m.Id < range.Anchor), messages.Where(m => m.Id > range.Anchor));
            var expected = range.Side switch
            {
                HistorySide.Newest => messages.TakeLast(range.Limit),
                HistorySide.Before => below.TakeLast(range.Limit),
                HistorySide.After => above.Take(range.Limit),
                _ => below.TakeLast(range.Limit / 2).Concat(messages.Where(m => m.Id >= range.Anchor).Take(range.Limit - range.Limit / 2)),
            };
            var because = $"seed {seed}, round {round}, {range}";
            page.Messages.Select(m => m.Posted.Id).ShouldBe(expected.Select(m => m.Id), because);
            if (page.Messages.Count > 0)
            {
                page.HasBefore.ShouldBe(messages.Any(m => m.Id < page.Messages[0].Posted.Id), because);
                page.HasAfter.ShouldBe(messages.Any(m => m.Id > page.Messages[^1].Posted.Id), because);
            }
            else
            {
                page.HasBefore.ShouldBe(range.Side == HistorySide.After && messages.Count > 0, because);
                page.HasAfter.ShouldBe(range.Side == HistorySide.Before && messages.Count > 0, because);
            }
        }
    }

    [Fact]
    public async Task Nothing_above_the_head_that_was_seen_is_read()
    {
        Fill(10, 1, new Random(1));
        var page = await ReadAsync(Some.View(4, 4), new HistoryRange(HistorySide.Newest, 0, 50));
        page.Messages.Select(m => m.Posted.Id).ShouldBe([1, 2, 3, 4]);
        page.HasAfter.ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_fits_a_frame_and_paging_still_finds_everything()
    {
        var text = new string('한', 100_000);
        _timeline.Events[Some.Direct] = [.. Enumerable.Range(1, 20).Select(id => Some.Message(id, Some.Lee, Some.LeesPhone, text: text))];
        List<long> found = [];
        HistoryPage page;
        var anchor = long.MaxValue;
        do
        {
            page = await ReadAsync(View(), new HistoryRange(HistorySide.Before, anchor, 200));
            page.Messages.Count.ShouldBe(page.HasBefore ? 3 : 2);
            found.InsertRange(0, page.Messages.Select(m => m.Posted.Id));
            anchor = found[0];
        }
        while (page.HasBefore);
        found.ShouldBe(Enumerable.Range(1, 20).Select(id => (long)id));
    }

    [Fact]
    public async Task The_largest_anchor_is_an_anchor()
    {
        Fill(5, 1, new Random(1));
        (await ReadAsync(View(), new HistoryRange(HistorySide.After, long.MaxValue, 5))).Messages.ShouldBeEmpty();
        (await ReadAsync(View(), new HistoryRange(HistorySide.Around, long.MaxValue, 4))).Messages.Select(m => m.Posted.Id).ShouldBe([4, 5]);
    }

    // Messages and other events, so many of the latter between two of the former.
    private List<MessagePosted> Fill(int count, int others, Random random)
    {
        List<ChannelEvent> events = [];
        var n = 0L;
        for (var id = 1L; id <= count; id++)
        {
            events.Add(random.Next(others + 1) == 0 || others == 1
                ? Some.Message(id, Some.Lee, Some.LeesPhone, n: ++n)
                : new TitleChanged(id, n, 0, Some.Lee, "t"));
        }

        _timeline.Events[Some.Direct] = events;
        return [.. events.OfType<MessagePosted>()];
    }

    private ChannelView View()
    {
        var events = _timeline.Events[Some.Direct];
        return events.Count == 0 ? Some.View(0, 0) : Some.View(events[^1].Id, events[^1].N);
    }

    private Task<HistoryPage> ReadAsync(ChannelView view, HistoryRange range) => _reader.ReadAsync(view, range, CancellationToken.None);
}
