using Akka.Actor;

namespace Akka.Embedded.Tests.Internals;

public sealed class ChildrenTests : TestKit.Xunit2.TestKit
{
    private readonly Props _props = Props.Create(() => new BlackHole());

    [Fact]
    public void Children_are_found_by_name_while_others_come_and_go()
    {
        const int Count = 1_000;
        var children = NewTable();
        var created = Enumerable.Range(0, Count).Select(i => children.Add(_props, $"child-{i}")).ToArray();
        for (var i = 0; i < Count; i += 2)
            children.Remove(created[i]);

        children.Count.ShouldBe(Count / 2);
        for (var i = 0; i < Count; i++)
        {
            children.TryGet($"child-{i}", out var found).ShouldBe(i % 2 == 1, $"child-{i}");
            found.ShouldBe(i % 2 == 1 ? created[i] : null);
        }
    }

    [Fact]
    public void Children_are_listed_in_the_order_of_their_creation()
    {
        var children = NewTable();
        var created = Enumerable.Range(0, 100).Select(i => children.Add(_props, $"child-{i}")).ToArray();
        children.Snapshot().ShouldBe(created);
    }

    [Fact]
    public void Name_is_taken_until_its_child_is_removed()
    {
        var children = NewTable();
        var first = children.Add(_props, "child");
        Should.Throw<InvalidActorNameException>(() => children.Add(_props, "child"));
        children.Remove(first);
        var second = children.Add(_props, "child");
        children.Remove(first);
        children.Contains(second).ShouldBeTrue("it is another one of the same name");
    }

    [Fact]
    public void Removed_child_does_not_keep_others()
    {
        var children = NewTable();
        var created = Enumerable.Range(0, 100).Select(i => children.Add(_props, $"child-{i}")).ToArray();
        foreach (var child in created)
            children.Remove(child);

        children.Count.ShouldBe(0);
        created.ShouldAllBe(child => child.NextSibling == null);
    }

    private Children NewTable() => new((ActorCell)Sys.ActorOf(_props));

    private sealed class BlackHole : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }
}
