using System.Globalization;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Domain.Identity;

/// <summary>
/// Makes the ids of one node; any number of threads may call it, none ever waits for another.
/// Ids ascend strictly: when the clock steps back they go on from the last one, and when a millisecond's 4,096 numbers are used up
/// they borrow from the next millisecond. Two generators with one node number make equal ids, so the number must be leased,
/// and none is made whose time lies beyond the lease: there it may be another's.
/// </summary>
public sealed class SnowflakeGenerator
{
    private const long StampLimit = 1L << (Snowflake.TimeBits + Snowflake.SequenceBits);
    private const long SequenceMask = (1L << Snowflake.SequenceBits) - 1;

    private readonly TimeProvider _time;
    private readonly long _node;

    // Time and sequence of the last id as one number, (ms << 12) | sequence: adding one spills into the next ms by itself.
    private long _last;
    private long _validUntil = long.MaxValue;

    /// <param name="node">0 to <see cref="Snowflake.MaxNode"/>, this process's alone.</param>
    /// <param name="time">The clock.</param>
    public SnowflakeGenerator(int node, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(node, Snowflake.MaxNode);
        _node = (long)node << Snowflake.SequenceBits;
        _time = time;
    }

    /// <summary>When the lease of the node number ends, in ms since the Unix epoch; never by default.</summary>
    public long ValidUntil
    {
        get => Volatile.Read(ref _validUntil);
        set => Volatile.Write(ref _validUntil, value);
    }

    /// <summary>A positive number that this generator never made before, larger than all that it made.</summary>
    /// <exception cref="InvalidOperationException">The 69 years are over.</exception>
    /// <exception cref="StorageUnavailableException">The lease has ended: the store could not renew it.</exception>
    public long Next()
    {
        var now = (_time.GetUtcNow().ToUnixTimeMilliseconds() - Snowflake.EpochMs) << Snowflake.SequenceBits;
        var last = Volatile.Read(ref _last);
        while (true)
        {
            var next = Math.Max(now, last + 1);
            if (next >= StampLimit)
            {
                throw new InvalidOperationException("the clock is past the last millisecond that an id can hold");
            }

            if ((next >> Snowflake.SequenceBits) + Snowflake.EpochMs >= ValidUntil)
            {
                throw new StorageUnavailableException("The lease of this node's number has ended, and the store has not renewed it.");
            }

            var seen = Interlocked.CompareExchange(ref _last, next, last);
            if (seen == last)
            {
                return ((next & ~SequenceMask) << Snowflake.NodeBits) | _node | (next & SequenceMask);
            }

            last = seen;
        }
    }

    /// <summary>The id of a new user.</summary>
    public UserId NextUser() => new(NextText());

    /// <summary>The id of a new device.</summary>
    public DeviceId NextDevice() => new(NextText());

    /// <summary>The id of a new group.</summary>
    public ChannelId NextGroup() => new(NextText());

    private string NextText() => Next().ToString(CultureInfo.InvariantCulture);
}
