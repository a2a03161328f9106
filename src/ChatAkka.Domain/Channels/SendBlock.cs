using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// The keys of 512 · 2^<see cref="Shift"/> successive events, shortened to 2.8 bytes each: enough to say "certainly not here" or
/// "perhaps among these 512 ids". Immutable.
/// </summary>
/// <remarks>
/// <para>
/// A quotient table. Of a key only the first 29 bits are kept. Their first 9 + Shift bits choose one of as many buckets as the
/// block has ids; the other 20 − Shift bits and Shift bits of position (which 512 ids of the block) make an entry of 20 bits. So
/// blocks merge without the keys: with twice the ids an entry gives one bit of key to the bucket and spends it on the position.
/// Layout of the bytes, little-endian: for every 64 buckets the number of entries before them (16 bits); the buckets'
/// sizes in unary, a one for each entry and a zero to end each bucket (64-bit words); the entries by bucket (20 bits each).
/// </para>
/// <para>
/// Rejected: Bloom filters. One of 16 bits a key and 6 probes for every 512 ids makes two mistakes a send in a channel of 1,000,000
/// (each a read of 512 events), against 0.002 here; and they can't be merged without the keys.
/// </para>
/// </remarks>
public sealed class SendBlock
{
    /// <summary>Ids in the smallest block.</summary>
    public const int MinIds = 1 << MinIdBits;

    /// <summary>The largest <see cref="Shift"/>: 32,768 ids.</summary>
    public const int MaxShift = 6;

    private const int MinIdBits = 9;
    private const int EntryBits = 20;
    private const int EntryMask = (1 << EntryBits) - 1;
    private const int PrefixBits = MinIdBits + EntryBits;
    private const int GroupSize = 64;

    private readonly byte[] _bytes;
    private readonly int _entries;

    private SendBlock(long first, int shift, byte[] bytes, int entries)
    {
        First = first;
        Shift = shift;
        _bytes = bytes;
        _entries = entries;
    }

    /// <summary>Id of the first event.</summary>
    public long First { get; }

    /// <summary>Id of the last event.</summary>
    public long Last => First + Buckets - 1;

    /// <summary>The block covers 512 · 2^Shift ids.</summary>
    public int Shift { get; }

    /// <summary>The block's content; <see cref="Restore"/> takes it back.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    private int Buckets => MinIds << Shift;

    /// <summary>Rebuilds a block from what its accessors said; the array is the block's from now on.</summary>
    /// <exception cref="ArgumentException">The bytes contradict themselves.</exception>
    public static SendBlock Restore(long first, int shift, byte[] bytes)
    {
        if (first < 1 || shift is < 0 or > MaxShift)
        {
            throw new ArgumentException("no block has such a range", nameof(shift));
        }

        var buckets = MinIds << shift;
        var bit = DirectoryLength(shift) * 8L;
        int entries = 0, ended = 0;
        while (ended < buckets && bit < bytes.Length * 8L)
        {
            if (((bytes[bit / 8] >> (int)(bit % 8)) & 1) != 0)
            {
                entries++;
            }
            else if (++ended % GroupSize == 0 && ended < buckets && EntriesBefore(bytes, ended) != entries)
            {
                break;
            }

            bit++;
        }

        var complete = ended == buckets && entries <= buckets && bytes.Length == Length(shift, entries);
        return complete && EntriesBefore(bytes, 0) == 0
            ? new SendBlock(first, shift, bytes, entries)
            : throw new ArgumentException("the block contradicts itself", nameof(bytes));
    }

    /// <summary>The block of the keys of <see cref="MinIds"/> events; 0 for an event that isn't a message.</summary>
    internal static SendBlock Seal(long first, ReadOnlySpan<ulong> keys)
    {
        Span<ulong> entries = stackalloc ulong[MinIds];
        var count = 0;
        foreach (var key in keys)
        {
            if (key != 0)
            {
                entries[count++] = Prefix(key);
            }
        }

        return Build(first, 0, entries[..count]);
    }

    /// <summary>One block instead of 2^n neighbours of one size.</summary>
    internal static SendBlock Merge(ReadOnlySpan<SendBlock> neighbours)
    {
        var shift = neighbours[0].Shift + BitOperations.Log2((uint)neighbours.Length);
        var entries = ArrayPool<ulong>.Shared.Rent(MinIds << shift);
        try
        {
            var count = 0;
            for (var i = 0; i < neighbours.Length; i++)
            {
                count += neighbours[i].WriteEntries(shift, i << neighbours[i].Shift, entries.AsSpan(count));
            }

            return Build(neighbours[0].First, shift, entries.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(entries);
        }
    }

    /// <summary>Adds the ranges of 512 ids that may hold the key, ascending.</summary>
    internal void Find(ulong key, ref ImmutableArray<IdRange>.Builder? found)
    {
        var prefix = Prefix(key);
        var bucket = (int)(prefix >> (EntryBits - Shift));
        var wanted = prefix & ((1u << (EntryBits - Shift)) - 1);
        var bit = StartOf(bucket);
        for (var entry = bit - bucket; IsEntry(bit); bit++, entry++)
        {
            var value = ReadEntry(entry);
            if ((uint)(value >> Shift) != wanted)
            {
                continue;
            }

            var from = First + ((long)(value & ((1 << Shift) - 1)) << MinIdBits);
            if (found is null || found.Count == 0 || found[^1].From != from)
            {
                (found ??= ImmutableArray.CreateBuilder<IdRange>()).Add(new IdRange(from, from + MinIds - 1));
            }
        }
    }

    private static uint Prefix(ulong key) => (uint)(key >> (64 - PrefixBits));

    // Entries come as bucket and entry in one number, (bucket << 20) | entry, by ascending id; they stay so within a bucket.
    private static SendBlock Build(long first, int shift, ReadOnlySpan<ulong> entries)
    {
        var buckets = MinIds << shift;
        var bytes = new byte[Length(shift, entries.Length)];
        var next = ArrayPool<int>.Shared.Rent(buckets);
        try
        {
            next.AsSpan(0, buckets).Clear();
            foreach (var entry in entries)
            {
                next[(int)(entry >> EntryBits)]++;
            }

            var before = 0;
            for (var bucket = 0; bucket < buckets; bucket++)
            {
                if (bucket % GroupSize == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bucket / GroupSize * sizeof(ushort)), (ushort)before);
                }

                var size = next[bucket];
                next[bucket] = before;
                for (var i = 0; i < size; i++)
                {
                    var bit = (DirectoryLength(shift) * 8) + before++ + bucket;
                    bytes[bit / 8] |= (byte)(1 << (bit % 8));
                }
            }

            foreach (var entry in entries)
            {
                var index = next[(int)(entry >> EntryBits)]++;
                WriteEntry(bytes.AsSpan(EntriesAt(shift, entries.Length)), index, (int)entry & EntryMask);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(next);
        }

        return new SendBlock(first, shift, bytes, entries.Length);
    }

    // The entries as those of a larger block in which this one begins at the given position; returns how many there are.
    private int WriteEntries(int shift, int position, Span<ulong> target)
    {
        var bit = 0;
        var written = 0;
        for (var bucket = 0; bucket < Buckets; bucket++, bit++)
        {
            for (; IsEntry(bit); bit++)
            {
                var entry = ReadEntry(written);
                var prefix = ((ulong)bucket << (EntryBits - Shift)) | (uint)(entry >> Shift);
                target[written++] = (prefix << shift) | (uint)(position + (entry & ((1 << Shift) - 1)));
            }
        }

        return written;
    }

    // The bit after the zero that ends the bucket before.
    private int StartOf(int bucket)
    {
        var start = bucket & -GroupSize;
        var bit = start + EntriesBefore(_bytes, bucket);
        var zeros = bucket - start;
        while (true)
        {
            var left = 64 - (bit & 63);
            var ends = ~Word(bit >> 6) >> (bit & 63);
            var here = BitOperations.PopCount(ends);
            if (zeros > here)
            {
                zeros -= here;
                bit += left;
                continue;
            }

            for (; zeros > 1; zeros--)
            {
                ends &= ends - 1;
            }

            return zeros == 0 ? bit : bit + BitOperations.TrailingZeroCount(ends) + 1;
        }
    }

    private bool IsEntry(int bit) => (Word(bit >> 6) >> (bit & 63) & 1) != 0;

    private ulong Word(int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(DirectoryLength(Shift) + (index * sizeof(ulong))));

    // An entry begins with a byte or in the middle of one, and lies in three.
    private int ReadEntry(int index)
    {
        var at = _bytes.AsSpan(EntriesAt(Shift, _entries) + (index * EntryBits / 8), 3);
        return ((at[0] | at[1] << 8 | at[2] << 16) >> (index * EntryBits % 8)) & EntryMask;
    }

    private static void WriteEntry(Span<byte> entries, int index, int entry)
    {
        var at = entries.Slice(index * EntryBits / 8, 3);
        var shifted = entry << (index * EntryBits % 8);
        at[0] |= (byte)shifted;
        at[1] |= (byte)(shifted >> 8);
        at[2] |= (byte)(shifted >> 16);
    }

    private static int EntriesBefore(byte[] bytes, int bucket) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(bucket / GroupSize * sizeof(ushort)));

    private static int DirectoryLength(int shift) => (MinIds << shift) / GroupSize * sizeof(ushort);

    private static int EntriesAt(int shift, int entries) =>
        DirectoryLength(shift) + (((MinIds << shift) + entries + 63) / 64 * sizeof(ulong));

    private static int Length(int shift, int entries) => EntriesAt(shift, entries) + (((entries * EntryBits) + 7) / 8);
}
