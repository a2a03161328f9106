using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Akka.Embedded.Tests.Cluster;

public sealed class EntityTableTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Added_entities_are_found_and_removed_ones_are_not()
    {
        var table = new EntityTable();
        var entities = Enumerable.Range(0, 1000).Select(i => NewEntity($"id-{i}")).ToList();
        entities.ForEach(table.Add);

        entities.ShouldAllBe(entity => table.Find(entity.Id) == entity);
        entities.Where((_, i) => i % 2 == 0).ToList().ForEach(table.Remove);

        table.Count.ShouldBe(500);
        table.Find("id-0").ShouldBeNull();
        table.Find("id-1").ShouldBeSameAs(entities[1]);
        table.ShouldBe(entities.Where((_, i) => i % 2 == 1), ignoreOrder: true);
    }

    [Fact]
    public async Task Readers_without_the_lock_never_find_another_entity_and_always_come_to_an_end()
    {
        var table = new EntityTable();
        var permanent = Enumerable.Range(0, 8).Select(i => NewEntity($"permanent-{i}")).ToList();
        permanent.ForEach(table.Add);
        var changing = true;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Volatile.Read(ref changing))
            {
                foreach (var entity in permanent)
                    (table.Find(entity.Id) ?? entity).ShouldBeSameAs(entity);
            }
        })).ToList();

        for (var round = 0; round < 20; round++)
        {
            var passing = Enumerable.Range(0, 2_000).Select(i => NewEntity($"passing-{round}-{i}")).ToList();
            passing.ForEach(table.Add);
            passing.ForEach(table.Remove);
        }

        Volatile.Write(ref changing, false);
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30));
        permanent.ShouldAllBe(entity => table.Find(entity.Id) == entity);
    }

    private Entity NewEntity(string id) => new(id, (ActorCell)TestActor, 0);
}
