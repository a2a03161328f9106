using Akka.DistributedData;

namespace Akka.Embedded.Tests.DistributedData;

public sealed class SimpleDataTests
{
    [Fact]
    public void Counter_counts_what_all_nodes_have_counted()
    {
        var counter = PNCounter.Empty.Increment(Nodes.A, 5).ResetDelta();
        var (up, down) = (counter.Increment(Nodes.B, 2), counter.Decrement(Nodes.C, 4));
        up.Merge(down).Value.ShouldBe(3);
        up.MergeDelta(down.Delta!).Value.ShouldBe(3);
        counter.Increment(Nodes.A, -7).Value.ShouldBe(-2);
        counter.Decrement(Nodes.A, -1).Value.ShouldBe(6);
        counter.Merge(counter).Value.ShouldBe(5);
    }

    [Fact]
    public void Pruned_counter_has_the_same_value()
    {
        var counter = PNCounter.Empty.Increment(Nodes.A, 5).Decrement(Nodes.A, 1).Increment(Nodes.B, 2).ResetDelta();
        var pruned = counter.Prune(Nodes.A, Nodes.B);
        pruned.Value.ShouldBe(6);
        pruned.ModifiedByNodes.ShouldBe([Nodes.B]);
        counter.PruningCleanup(Nodes.A).Merge(pruned).Value.ShouldBe(6);
    }

    [Fact]
    public void Growing_counter_only_grows()
    {
        var counter = GCounter.Empty.Increment(Nodes.A, 3).Increment(Nodes.B);
        counter.Value.ShouldBe(4UL);
        counter.Delta!.State.Count.ShouldBe(2);
        counter.Merge(GCounter.Empty.Increment(Nodes.A, 2)).Value.ShouldBe(4UL);
        ((ulong)counter.Prune(Nodes.A, Nodes.B)).ShouldBe(4UL);
    }

    [Fact]
    public void Growing_set_has_all_elements()
    {
        var set = GSet.Create(1, 2);
        var grown = set.Add(3);
        grown.Merge(set.Add(4)).Order().ShouldBe([1, 2, 3, 4]);
        set.MergeDelta(grown.Delta!).ShouldBe(grown);
        grown.Delta!.Elements.ShouldBe([3]);
    }

    [Fact]
    public void Flag_stays_switched_on()
    {
        Flag.False.Merge(Flag.False.SwitchOn()).Enabled.ShouldBeTrue();
        ((bool)Flag.True.Merge(Flag.False)).ShouldBeTrue();
        new Flag().Enabled.ShouldBeFalse();
    }

    [Fact]
    public void Register_has_the_value_with_the_highest_time()
    {
        var (first, second) = (new LWWRegister<string>(Nodes.A, "first", 1), new LWWRegister<string>(Nodes.B, "second", 2));
        first.Merge(second).Value.ShouldBe("second");
        second.Merge(first).Value.ShouldBe("second");
        second.WithValue(Nodes.A, "third").Timestamp.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Of_two_values_with_one_time_that_of_the_lower_node_is_taken()
    {
        var (a, b) = (new LWWRegister<string>(Nodes.A, "a", 1), new LWWRegister<string>(Nodes.B, "b", 1));
        a.Merge(b).Value.ShouldBe("a");
        b.Merge(a).Value.ShouldBe("a");
    }

    [Fact]
    public void Clocks_never_stand_still()
    {
        var future = DateTime.MaxValue.Ticks - 10;
        LWWRegister<string>.DefaultClock(future, "").ShouldBe(future + 1);
        LWWRegister<string>.ReverseClock(-future, "").ShouldBe(-future - 1);
        var first = new LWWRegister<string>(Nodes.A, "first", LWWRegister<string>.ReverseClock);
        first.Merge(first.WithValue(Nodes.B, "second", LWWRegister<string>.ReverseClock)).Value.ShouldBe("first");
    }

    [Fact]
    public void Vectors_are_compared_by_what_they_have_seen()
    {
        var vector = VersionVector.Empty.Increment(Nodes.A);
        var (b, c) = (vector.Increment(Nodes.B), vector.Increment(Nodes.C));
        (b > vector).ShouldBeTrue();
        (vector < b).ShouldBeTrue();
        b.IsConcurrent(c).ShouldBeTrue();
        (b.Merge(c) == c.Merge(b)).ShouldBeTrue();
        b.Merge(c).IsAfter(b).ShouldBeTrue();
        b.Prune(Nodes.B, Nodes.A).Contains(Nodes.B).ShouldBeFalse();
        VersionVector.Create(Nodes.A, 7).VersionAt(Nodes.A).ShouldBe(7);
        VersionVector.Empty.VersionAt(Nodes.A).ShouldBe(0);
    }

    [Fact]
    public void Keys_are_equal_when_their_ids_are()
    {
        new ORSetKey<string>("k").Equals((object)new GSetKey<string>("k")).ShouldBeTrue();
        new ORSetKey<string>("k").GetHashCode().ShouldBe(new FlagKey("k").GetHashCode());
        new FlagKey("k").Equals((object)new FlagKey("other")).ShouldBeFalse();
        ((string)new FlagKey("k")).ShouldBe("k");
    }
}
