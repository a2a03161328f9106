using System.Collections;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The entities of a shard by id: a hash table whose nodes are the entities themselves. Lookups take no lock and may miss an
/// entity while the table grows, so a miss is asked again under the shard's lock, which all changes hold.
/// </summary>
/// <remarks>
/// Growing links the nodes anew while readers walk them. A reader that a node leads into a new chain ends there: the nodes of a
/// new chain are linked in the order in which they are moved, each to those before it.
/// </remarks>
internal sealed class EntityTable : IEnumerable<Entity>
{
    private Entity?[] _buckets = new Entity?[8];

    public int Count { get; private set; }

    public Entity? Find(string id)
    {
        var hash = id.GetHashCode();
        var buckets = Volatile.Read(ref _buckets);
        var entity = Volatile.Read(ref buckets[hash & (buckets.Length - 1)]);
        while (entity is not null && (entity.Hash != hash || entity.Id != id))
            entity = Volatile.Read(ref entity.Next);

        return entity;
    }

    /// <summary>Under the shard's lock.</summary>
    public void Add(Entity entity)
    {
        if (Count == _buckets.Length)
            Grow();

        Link(_buckets, entity);
        Count++;
    }

    /// <summary>Under the shard's lock.</summary>
    public void Remove(Entity entity)
    {
        ref var link = ref _buckets[entity.Hash & (_buckets.Length - 1)];
        while (link is not null)
        {
            if (link == entity)
            {
                Volatile.Write(ref link, entity.Next);
                Count--;
                return;
            }

            link = ref link.Next;
        }
    }

    /// <summary>Under the shard's lock, to the end.</summary>
    public IEnumerator<Entity> GetEnumerator()
    {
        foreach (var bucket in _buckets)
        {
            for (var entity = bucket; entity is not null; entity = entity.Next)
                yield return entity;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Grow()
    {
        var grown = new Entity?[_buckets.Length * 2];
        foreach (var bucket in _buckets)
        {
            for (var entity = bucket; entity is not null;)
            {
                var next = entity.Next;
                Link(grown, entity);
                entity = next;
            }
        }

        Volatile.Write(ref _buckets, grown);
    }

    private static void Link(Entity?[] buckets, Entity entity)
    {
        ref var head = ref buckets[entity.Hash & (buckets.Length - 1)];
        Volatile.Write(ref entity.Next, head);
        Volatile.Write(ref head, entity);
    }
}
