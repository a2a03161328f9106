using ChatAkka.Actors.Users;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>
/// Reads broadcasts, and remembers those that have just arrived. What a group is told arrives once for each session that this node has of
/// it, if their users live at other nodes: all get the same object, so that it is read once, and the gateway makes one frame of it. The
/// bytes are kept with it, also for its way on to a third node.
/// </summary>
/// <remarks>
/// Bounded in number and in bytes; what has no place is read again. Racing threads may read one twice, which does no harm.
/// </remarks>
internal sealed class RecentBroadcasts<T>(ReadMessage<T> read)
    where T : Broadcast
{
    private const int Places = 128;
    private const int MaxBytes = 2048;
    private const int Telling = 64; // the channel, the ids and the time are within the first so many bytes

    private readonly T?[] _recent = new T?[Places];

    /// <param name="bytes">The message.</param>
    /// <param name="owned">The same in an array that nobody changes; null if it has none of its own.</param>
    /// <exception cref="System.Runtime.Serialization.SerializationException">The bytes are no such message.</exception>
    public T Read(ReadOnlySpan<byte> bytes, byte[]? owned = null)
    {
        ref var place = ref _recent[PlaceOf(bytes)];
        if (Volatile.Read(ref place) is { } known && bytes.SequenceEqual(known.Encoded))
        {
            return known;
        }

        var fields = new FieldReader(bytes);
        var broadcast = read(ref fields);
        broadcast.Encoded = owned ?? bytes.ToArray();
        if (bytes.Length <= MaxBytes)
        {
            Volatile.Write(ref place, broadcast);
        }

        return broadcast;
    }

    private static int PlaceOf(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes[..Math.Min(bytes.Length, Telling)]);
        return hash.ToHashCode() & (Places - 1);
    }
}
