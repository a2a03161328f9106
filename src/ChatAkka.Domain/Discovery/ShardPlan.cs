namespace ChatAkka.Domain.Discovery;

/// <summary>
/// Which node each shard belongs to, computed from nothing but the nodes there are: so that whoever knows those comes to the same plan, without
/// asking anybody. The shards of users and of channels follow one plan, and a node knows where a user lives before anything was told to them.
/// </summary>
/// <remarks>
/// Rendezvous hashing (Thaler and Ravishankar, 1996) with a bound: every shard goes to the node for which its hash is highest, of those that
/// don't have their share yet. A node that comes gets its share, from all alike; of one that goes the shards are spread over the others.
/// What else moves, because a share was full, is little.
/// </remarks>
public sealed class ShardPlan
{
    private readonly string[] _homes;

    private ShardPlan(string[] homes) => _homes = homes;

    /// <summary>The plan for these nodes, by whatever names all know them.</summary>
    public static ShardPlan Of(IEnumerable<string> nodes, int shards)
    {
        string[] names = [.. nodes.Distinct().Order(StringComparer.Ordinal)];
        var hashes = Array.ConvertAll(names, name => Hash(name));
        var homes = new string[names.Length == 0 ? 0 : shards];
        var share = names.Length == 0 ? 0 : (shards + names.Length - 1) / names.Length;
        var taken = new int[names.Length];
        for (var shard = 0; shard < homes.Length; shard++)
        {
            var best = -1;
            var highest = 0u;
            for (var node = 0; node < names.Length; node++)
            {
                var score = Mix(hashes[node] ^ ((uint)shard * 0x9e3779b9));
                if (taken[node] < share && (best < 0 || score > highest))
                {
                    (best, highest) = (node, score);
                }
            }

            taken[best]++;
            homes[shard] = names[best];
        }

        return new ShardPlan(homes);
    }

    /// <summary>The shard of what has this name; for ever, and on every node, the same.</summary>
    public static int ShardOf(ReadOnlySpan<char> name, int shards) => (int)(Mix(Hash(name)) % (uint)shards);

    /// <summary>The node of a shard; null if there are no nodes.</summary>
    public string? HomeOf(int shard) => shard < _homes.Length ? _homes[shard] : null;

    // FNV-1a over the UTF-16 code units, and the finalizer of MurmurHash3, so that names that differ in one digit spread, too.
    private static uint Hash(ReadOnlySpan<char> name)
    {
        var hash = 2166136261u;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return hash;
    }

    private static uint Mix(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35u;
        return hash ^ (hash >> 16);
    }
}
