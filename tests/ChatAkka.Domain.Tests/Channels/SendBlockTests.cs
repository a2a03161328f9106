using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Domain.Tests.Channels;

/// <summary>Blocks of made-up keys: what hashing would need luck for.</summary>
public sealed class SendBlockTests
{
    private const ulong SamePrefix = 0xABCDEF0000000000;

    [Fact]
    public void Find_of_keys_that_look_alike_names_their_range_once()
    {
        var block = SendBlock.Seal(1, Keys((3, SamePrefix | 1), (400, SamePrefix | 2)));

        Find(block, SamePrefix | 3).ShouldBe([new IdRange(1, 512)]);
    }

    [Fact]
    public void Find_in_a_merged_block_names_every_range_of_keys_that_look_alike()
    {
        var blocks = Enumerable.Range(0, 8)
            .Select(i => SendBlock.Seal(1 + (i * 512), i is 2 or 5 ? Keys((i, SamePrefix | 1), (i + 1, SamePrefix | 2)) : Keys()))
            .ToArray();

        var merged = SendBlock.Merge(blocks);

        (merged.First, merged.Last, merged.Shift).ShouldBe((1, 4_096, 3));
        Find(merged, SamePrefix).ShouldBe([new IdRange(1_025, 1_536), new IdRange(2_561, 3_072)]);
    }

    [Fact]
    public void Find_misses_no_key_however_the_keys_cluster()
    {
        // Keys of few distinct leading bits crowd a few buckets and leave the others empty.
        var blocks =
            from leadingBits in Gen.Choose(0, 64)
            from seed in Gen.Choose(0, int.MaxValue)
            from count in Gen.Choose(0, 512)
            select (leadingBits, seed, count);
        Check.ForAll(
            blocks.ArrayOf(8),
            shapes =>
            {
                var keys = shapes.Select(s => Clustered(s.leadingBits, s.seed, s.count)).ToArray();
                var merged = SendBlock.Merge([.. keys.Select((k, i) => SendBlock.Seal(1 + (i * 512), k))]);
                for (var i = 0; i < keys.Length; i++)
                {
                    var range = new IdRange(1 + (i * 512), 512 + (i * 512));
                    foreach (var key in keys[i].Where(k => k != 0))
                    {
                        Find(merged, key).Contains(range).ShouldBeTrue();
                    }
                }
            },
            tests: 10);
    }

    private static ulong[] Clustered(int leadingBits, int seed, int count)
    {
        var random = new Random(seed);
        var low = leadingBits == 64 ? 0 : ulong.MaxValue >> leadingBits;
        var high = (ulong)random.NextInt64() & ~low;
        var keys = Enumerable.Range(0, 512).Select(i => i < count ? high | ((ulong)random.NextInt64() & low) : 0).ToArray();
        random.Shuffle(keys);
        return keys;
    }

    private static ulong[] Keys(params (int Slot, ulong Key)[] keys)
    {
        var all = new ulong[SendLog.OpenLength];
        foreach (var (slot, key) in keys)
        {
            all[slot] = key;
        }

        return all;
    }

    private static ImmutableArray<IdRange> Find(SendBlock block, ulong key)
    {
        ImmutableArray<IdRange>.Builder? found = null;
        block.Find(key, ref found);
        return found is null ? [] : found.ToImmutable();
    }
}
