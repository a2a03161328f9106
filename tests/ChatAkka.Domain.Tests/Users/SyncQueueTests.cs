using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using FsCheck.Fluent;

namespace ChatAkka.Domain.Tests.Users;

public sealed class SyncQueueTests
{
    private static readonly UserId Ann = new("1");
    private static readonly ChannelId One = new("901");
    private static readonly ChannelId Two = new("902");

    [Fact]
    public void Range_is_given_only_if_all_of_it_is_held()
    {
        var queue = new SyncQueue(10);
        for (var id = 3; id <= 6; id++)
        {
            queue.Append(One, Message(id, "x"));
            queue.Append(Two, Message(id + 100, "x"));
        }

        queue.TryRange(One, 4, 6, out var events).ShouldBeTrue();
        events.Select(e => e.Id).ShouldBe([4, 5, 6]);
        queue.TryRange(One, 2, 6, out events).ShouldBeFalse();
        events.ShouldBeEmpty();
        queue.TryRange(One, 6, 7, out _).ShouldBeFalse();
        queue.TryRange(One, 1, long.MaxValue, out _).ShouldBeFalse();
        queue.TryRange(Two, 4, 6, out _).ShouldBeFalse();
        queue.TryRange(One, 7, 6, out events).ShouldBeTrue();
        events.ShouldBeEmpty();
    }

    [Fact]
    public void Range_over_a_gap_is_not_given()
    {
        var queue = new SyncQueue(10);
        queue.Append(One, Message(1, "x"));
        queue.Append(One, Message(3, "x"));
        queue.Append(One, Message(3, "x"));

        queue.TryRange(One, 1, 3, out _).ShouldBeFalse();
    }

    [Fact]
    public void Oldest_events_make_room_for_text()
    {
        var queue = new SyncQueue(10, maxChars: 10);
        queue.Append(One, Message(1, "12345"));
        queue.Append(One, Message(2, "12345"));
        queue.Append(One, Message(3, "1"));

        queue.TryRange(One, 1, 1, out _).ShouldBeFalse();
        queue.TryRange(One, 2, 3, out _).ShouldBeTrue();

        queue.Append(One, Message(4, new string('x', 11)));
        queue.Count.ShouldBe(0);
    }

    [Fact]
    public void Queue_without_capacity_holds_nothing()
    {
        var queue = new SyncQueue(0);
        queue.Append(One, Message(1, "x"));

        queue.Count.ShouldBe(0);
        queue.TryRange(One, 1, 1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Queue_behaves_like_a_list()
    {
        // From 0 to 5: append so many characters to one of three channels; 6: forget a channel.
        var steps =
            from channel in Gen.Choose(901, 903)
            from what in Gen.Choose(0, 6)
            select (new ChannelId($"{channel}"), what);
        Check.ForAllSequences(steps, 200, sequence =>
        {
            const int Capacity = 20;
            const int MaxChars = 45;
            var queue = new SyncQueue(Capacity, MaxChars);
            var model = new List<(ChannelId Channel, MessagePosted Event)>();
            var ids = new Dictionary<ChannelId, long>();
            foreach (var (channel, what) in sequence)
            {
                if (what == 6)
                {
                    queue.Drop(channel);
                    model.RemoveAll(m => m.Channel == channel);
                }
                else
                {
                    var e = Message(ids[channel] = ids.GetValueOrDefault(channel) + 1, new string('x', what));
                    queue.Append(channel, e);
                    model.Add((channel, e));
                    while (model.Count > Capacity || model.Sum(m => m.Event.Text.Length) > MaxChars)
                    {
                        model.RemoveAt(0);
                    }
                }

                queue.Count.ShouldBe(model.Count);
                var head = ids.GetValueOrDefault(channel);
                for (var from = Math.Max(1, head - 12); from <= head; from++)
                {
                    var expected = model.Where(m => m.Channel == channel && m.Event.Id >= from).Select(m => m.Event).ToList();
                    queue.TryRange(channel, from, head, out var events).ShouldBe(expected.Count == head - from + 1);
                    events.ShouldBe(expected.Count == head - from + 1 ? expected : []);
                }
            }
        });
    }

    private static MessagePosted Message(long id, string text) => new(id, id, 1, Ann, new DeviceId("11"), $"c{id}", text, 0, []);
}
