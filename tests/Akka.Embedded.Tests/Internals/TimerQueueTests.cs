using Akka.Actor;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Internals;

public sealed class TimerQueueTests
{
    private readonly VirtualTime _time = new();
    private readonly TimerQueue _queue;
    private readonly List<int> _fired = [];

    public TimerQueueTests() => _queue = new TimerQueue(_time);

    [Fact]
    public void Entries_fire_in_the_order_of_their_due_times_and_equal_ones_in_that_of_adding()
    {
        foreach (var (id, delay) in new[] { (1, 30), (2, 10), (3, 20), (4, 10) })
            Add(id, delay);
        _time.Advance(TimeSpan.FromMilliseconds(25));
        _fired.ShouldBe([2, 4, 3]);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _fired.ShouldBe([2, 4, 3, 1]);
    }

    [Fact]
    public void Removed_entry_leaves_the_queue_and_does_not_fire()
    {
        var entries = Enumerable.Range(0, 100).Select(id => Add(id, 10 + id % 7)).ToArray();
        foreach (var entry in entries.Where((_, i) => i % 3 == 0))
            _queue.Remove(entry).ShouldBeTrue();
        _queue.Count.ShouldBe(66);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _fired.Order().ShouldBe(Enumerable.Range(0, 100).Where(id => id % 3 != 0));
        _queue.Remove(entries[1]).ShouldBeFalse();
    }

    [Fact]
    public void Random_additions_and_removals_keep_the_order()
    {
        var random = new Random(7);
        var entries = new List<Entry>();
        for (var i = 0; i < 2000; i++)
        {
            if (entries.Count > 0 && random.Next(3) == 0)
            {
                var victim = random.Next(entries.Count);
                _queue.Remove(entries[victim]);
                entries.RemoveAt(victim);
            }
            else
            {
                entries.Add(Add(i, random.Next(1000)));
            }
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        _fired.ShouldBe(entries.OrderBy(e => e.Due).ThenBy(e => e.Id).Select(e => e.Id));
    }

    [Fact]
    public void Entry_that_is_earlier_than_all_others_fires_in_time()
    {
        Add(1, 1000);
        Add(2, 5);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _fired.ShouldBe([2]);
    }

    [Fact]
    public void Disposed_queue_fires_nothing()
    {
        Add(1, 5);
        _queue.Dispose();
        Add(2, 5);
        _time.Advance(TimeSpan.FromSeconds(1));
        _fired.ShouldBeEmpty();
    }

    private Entry Add(int id, int milliseconds)
    {
        var entry = new Entry(id, _fired);
        _queue.Add(entry, TimeSpan.FromMilliseconds(milliseconds));
        return entry;
    }

    private sealed class Entry(int id, List<int> fired) : ScheduledEntry
    {
        public int Id => id;

        public override void Fire(TimerQueue timers) => fired.Add(id);
    }
}
