using System.Collections.Immutable;
using Akka.DistributedData;

namespace Akka.Embedded.Tests.DistributedData;

public sealed class ORSetTests
{
    private static readonly ORSet<string> Base = ORSet<string>.Empty.Add(Nodes.A, "x").Add(Nodes.A, "y").ResetDelta();

    [Fact]
    public void Additions_of_several_nodes_are_all_there() =>
        Base.Add(Nodes.B, "z").Merge(Base.Add(Nodes.C, "w")).Order().ShouldBe(["w", "x", "y", "z"]);

    [Fact]
    public void Removal_wins_over_an_addition_that_it_has_seen()
    {
        var removed = Base.Remove(Nodes.B, "x");
        Base.Merge(removed).Equals(removed).ShouldBeTrue();
        removed.Merge(Base).Order().ShouldBe(["y"]);
    }

    [Fact]
    public void Addition_wins_over_a_removal_at_the_same_time()
    {
        var added = Base.Add(Nodes.C, "x");
        added.Merge(Base.Remove(Nodes.B, "x")).Order().ShouldBe(["x", "y"]);
        added.Merge(Base.Clear(Nodes.B)).ShouldBe(["x"]);
    }

    [Fact]
    public void Element_that_is_added_again_after_its_removal_is_there()
    {
        var again = Base.Remove(Nodes.B, "x").Add(Nodes.B, "x");
        Base.Merge(again).Order().ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Unseen_additions_survive_a_removal_of_all()
    {
        var cleared = Base.Clear(Nodes.B);
        cleared.IsEmpty.ShouldBeTrue();
        cleared.Merge(Base.Add(Nodes.A, "new")).ShouldBe(["new"]);
    }

    [Fact]
    public void Removal_of_what_is_not_there_changes_nothing()
    {
        Base.Remove(Nodes.B, "nothing").Equals(Base).ShouldBeTrue();
        ORSet<string>.Empty.Clear(Nodes.A).Equals(ORSet<string>.Empty).ShouldBeTrue();
    }

    [Fact]
    public void Deltas_bring_a_copy_up_to_date()
    {
        var changed = Base.Add(Nodes.B, "z").Remove(Nodes.B, "x").Add(Nodes.B, "y");
        Base.MergeDelta(changed.Delta!).Equals(changed).ShouldBeTrue();
        Base.MergeDelta(changed.Delta!).MergeDelta(changed.Delta!).Equals(changed).ShouldBeTrue();
        changed.ResetDelta().Delta.ShouldBeNull();
        changed.ResetDelta().Equals(changed).ShouldBeTrue();
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // There the element stays until the two nodes compare all that they have.
    public void Removal_that_arrives_before_what_it_removes_keeps_it_away()
    {
        var added = Base.Add(Nodes.B, "late");
        var removed = added.ResetDelta().Remove(Nodes.C, "late");

        Base.MergeDelta(removed.Delta!).MergeDelta(added.Delta!).Order().ShouldBe(["x", "y"]);
        Base.MergeDelta(removed.Delta!).MergeDelta(added.Delta!).Equals(removed).ShouldBeTrue();
    }

    [Fact]
    public void Pruning_keeps_the_elements_and_forgets_the_node()
    {
        var set = Base.Add(Nodes.B, "z").ResetDelta();
        var pruned = set.Prune(Nodes.A, Nodes.C);

        set.NeedPruningFrom(Nodes.A).ShouldBeTrue();
        pruned.NeedPruningFrom(Nodes.A).ShouldBeFalse();
        pruned.Order().ShouldBe(["x", "y", "z"]);
        set.PruningCleanup(Nodes.A).ShouldBe(["z"]);
        set.PruningCleanup(Nodes.A).Merge(pruned).Order().ShouldBe(["x", "y", "z"]);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // There no two additions are equal: their numbers are the process's.
    public void Sets_are_equal_when_they_have_the_same_elements_and_have_seen_the_same()
    {
        ORSet.Create(Nodes.A, 1).Equals(ORSet.Create(Nodes.A, 1)).ShouldBeTrue();
        ORSet.Create(Nodes.A, 1).Equals(ORSet.Create(Nodes.B, 1)).ShouldBeFalse();
        ORSet.Create(Nodes.A, 1).Remove(Nodes.A, 1).Equals(ORSet<int>.Empty).ShouldBeFalse();
        ORSet.Create(KeyValuePair.Create(Nodes.A, 1), KeyValuePair.Create(Nodes.B, 2)).Elements.Order().ShouldBe([1, 2]);
    }

    [Fact]
    public void Set_can_be_made_of_its_parts()
    {
        var vector = VersionVector.Create(Nodes.A, 3);
        var set = new ORSet<string>(ImmutableDictionary<string, VersionVector>.Empty.Add("x", VersionVector.Create(Nodes.A, 2)), vector);
        set.ShouldBe(["x"]);
        set.Merge(new ORSet<string>(ImmutableDictionary<string, VersionVector>.Empty, vector)).IsEmpty.ShouldBeTrue();
    }
}
