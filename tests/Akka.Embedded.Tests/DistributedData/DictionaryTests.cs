using Akka.DistributedData;

namespace Akka.Embedded.Tests.DistributedData;

public sealed class DictionaryTests
{
    private static readonly LWWDictionary<string, string> Words =
        LWWDictionary<string, string>.Empty.SetItem(Nodes.A, "x", "old", Time(10)).ResetDelta();

    private static readonly ORDictionary<string, PNCounter> Counts =
        ORDictionary<string, PNCounter>.Empty.AddOrUpdate(Nodes.A, "n", PNCounter.Empty, c => c.Increment(Nodes.A, 5)).ResetDelta();

    [Fact]
    public void Last_of_two_writes_at_the_same_time_wins()
    {
        var (late, later) = (Words.SetItem(Nodes.B, "x", "late", Time(11)), Words.SetItem(Nodes.C, "x", "later", Time(12)));
        late.Merge(later)["x"].ShouldBe("later");
        later.Merge(late)["x"].ShouldBe("later");
        late.MergeDelta(later.Delta!)["x"].ShouldBe("later");
        later.MergeDelta(late.Delta!)["x"].ShouldBe("later");
    }

    [Fact]
    public void Write_that_has_seen_another_one_wins_whatever_the_clock_says()
    {
        var early = Words.SetItem(Nodes.B, "x", "new");
        Words.Merge(early)["x"].ShouldBe("new");
    }

    [Fact]
    public void Write_wins_over_a_removal_at_the_same_time()
    {
        var written = Words.SetItem(Nodes.C, "x", "new", Time(11));
        var removed = Words.Remove(Nodes.B, "x");
        removed.ContainsKey("x").ShouldBeFalse();
        removed.Merge(written)["x"].ShouldBe("new");
        Words.Merge(removed).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Dictionary_tells_its_entries()
    {
        var words = Words.SetItem(Nodes.B, "y", "why");
        words.Count.ShouldBe(2);
        words.Entries.Order(Comparer<KeyValuePair<string, string>>.Create((l, r) => string.CompareOrdinal(l.Key, r.Key)))
            .ShouldBe([KeyValuePair.Create("x", "old"), KeyValuePair.Create("y", "why")]);
        words.Keys.Order().ShouldBe(["x", "y"]);
        words.Values.Order().ShouldBe(["old", "why"]);
        words.TryGetValue("y", out var value).ShouldBeTrue();
        value.ShouldBe("why");
        words.TryGetValue("z", out _).ShouldBeFalse();
        Should.Throw<KeyNotFoundException>(() => words["z"]);
    }

    [Fact]
    public void Values_that_were_changed_at_the_same_time_are_merged()
    {
        var (b, c) = (Count(Counts, Nodes.B, 1), Count(Counts, Nodes.C, 2));
        b.Merge(c)["n"].Value.ShouldBe(8);
        b.MergeDelta(c.Delta!)["n"].Value.ShouldBe(8);
        Count(b.Merge(c), Nodes.A, 1).Merge(Count(c, Nodes.C, 10))["n"].Value.ShouldBe(19);
    }

    [Fact]
    public void Change_wins_over_a_removal_at_the_same_time_with_all_its_value()
    {
        var changed = Count(Counts, Nodes.B, 1);
        changed.Merge(Counts.Remove(Nodes.C, "n"))["n"].Value.ShouldBe(6);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // There the value that was removed is merged into the new one.
    public void Value_that_was_removed_has_no_part_in_one_that_is_set_again()
    {
        var again = Count(Counts.Remove(Nodes.B, "n"), Nodes.B, 1);
        again["n"].Value.ShouldBe(1);
        Counts.Merge(again)["n"].Value.ShouldBe(1);
    }

    [Fact]
    public void Pruning_keeps_keys_and_values_and_forgets_the_node()
    {
        var counts = Count(Counts, Nodes.B, 1).ResetDelta();
        var pruned = counts.Prune(Nodes.A, Nodes.C);
        pruned["n"].Value.ShouldBe(6);
        pruned.NeedPruningFrom(Nodes.A).ShouldBeFalse();
        pruned.ModifiedByNodes.ShouldNotContain(Nodes.A);
        counts.NeedPruningFrom(Nodes.A).ShouldBeTrue();
        counts.PruningCleanup(Nodes.A).NeedPruningFrom(Nodes.A).ShouldBeFalse();
    }

    private static ORDictionary<string, PNCounter> Count(ORDictionary<string, PNCounter> counts, Akka.Cluster.UniqueAddress node, long by) =>
        counts.AddOrUpdate(node, "n", PNCounter.Empty, c => c.Increment(node, by));

    private static Clock<string> Time(long time) => (_, _) => time;
}
