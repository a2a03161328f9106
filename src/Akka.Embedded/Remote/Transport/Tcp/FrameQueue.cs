using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// Frames that wait to be sent, as bytes in pooled segments; an empty queue holds none. Not bounded: its user is. Whoever calls is alone,
/// but what was taken is the taker's, and doesn't change.
/// </summary>
internal sealed class FrameQueue
{
    /// <summary>A longer frame takes segments of its own, see <see cref="Split"/>.</summary>
    public const int MaxSmallFrame = BusySegment - FrameFormat.HeaderLength;

    private const int QuietSegment = 4 * 1024;
    private const int BusySegment = 64 * 1024;

    // A backlog of more segments than that is over some time; the lists that held it go with it.
    private const int KeptCapacity = 64;

    private List<ArraySegment<byte>> _segments = [];
    private List<ArraySegment<byte>> _others = [];
    private byte[]? _last;
    private int _lastLength;
    private bool _isBusy;

    public bool IsEmpty => _last is null && _segments.Count == 0;

    /// <param name="frame">At most <see cref="MaxSmallFrame"/> bytes.</param>
    public void Add(ReadOnlySpan<byte> frame)
    {
        var place = Reserve(FrameFormat.HeaderLength + frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(place, frame.Length);
        frame.CopyTo(place[FrameFormat.HeaderLength..]);
    }

    public void AddGoodbye() => BinaryPrimitives.WriteInt32LittleEndian(Reserve(FrameFormat.HeaderLength), FrameFormat.Goodbye);

    /// <param name="frame">A whole one.</param>
    public void Add(List<ArraySegment<byte>> frame)
    {
        EndSegment();
        _segments.AddRange(frame);
    }

    /// <summary>A frame as segments. It needs no queue: many megabytes are copied while others add to it.</summary>
    public static List<ArraySegment<byte>> Split(ReadOnlySpan<byte> frame)
    {
        var segments = new List<ArraySegment<byte>>(frame.Length / BusySegment + 2);
        var bytes = ArrayPool<byte>.Shared.Rent(BusySegment);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, frame.Length);
        var used = FrameFormat.HeaderLength;
        while (true)
        {
            var length = Math.Min(bytes.Length - used, frame.Length);
            frame[..length].CopyTo(bytes.AsSpan(used));
            segments.Add(new ArraySegment<byte>(bytes, 0, used + length));
            frame = frame[length..];
            if (frame.IsEmpty)
                return segments;
            bytes = ArrayPool<byte>.Shared.Rent(Math.Min(BusySegment, frame.Length));
            used = 0;
        }
    }

    /// <summary>All of it. Valid until the next call; the taker gives each segment back.</summary>
    public List<ArraySegment<byte>> TakeAll()
    {
        EndSegment();
        _isBusy = _segments.Count > 1 || _segments[0].Count > QuietSegment / 2;
        _others.Clear();
        if (_others.Capacity > KeptCapacity)
            _others.Capacity = 0;
        (_segments, _others) = (_others, _segments);
        return _others;
    }

    public static void GiveBack(ArraySegment<byte> segment) => ArrayPool<byte>.Shared.Return(segment.Array!);

    private Span<byte> Reserve(int length)
    {
        if (_last is null || _last.Length - _lastLength < length)
        {
            EndSegment();
            _last = ArrayPool<byte>.Shared.Rent(Math.Max(length, _isBusy || _segments.Count > 0 ? BusySegment : QuietSegment));
        }

        var place = _last.AsSpan(_lastLength, length);
        _lastLength += length;
        return place;
    }

    private void EndSegment()
    {
        if (_last is null)
            return;
        _segments.Add(new ArraySegment<byte>(_last, 0, _lastLength));
        (_last, _lastLength) = (null, 0);
    }
}
