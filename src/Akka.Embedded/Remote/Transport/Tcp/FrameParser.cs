using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// Makes frames of received bytes. They are received into a pooled buffer and shown where they lie. The buffer is small while little comes,
/// and grows for a large frame as its bytes come: who announces one without sending it costs nothing. Whoever calls is alone.
/// </summary>
internal sealed class FrameParser : IDisposable
{
    /// <summary>What an idle link holds.</summary>
    public const int QuietSize = 4 * 1024;

    private const int BusySize = 64 * 1024;

    // A frame up to this size gets its buffer at once, so that its bytes are moved once at most.
    private const int EagerSize = 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(QuietSize);
    private int _start;
    private int _end;
    private bool _wasFilled;

    /// <summary>The other side has said that it closes the link.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Received, and not taken yet.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Where to receive more; never empty. What was shown before is not valid any more.</summary>
    public Memory<byte> Room()
    {
        MoveTo(Size());
        return _buffer.AsMemory(_end);
    }

    public void Received(int count)
    {
        _end += count;
        _wasFilled = _end == _buffer.Length;
    }

    public void Take(int count) => _start += count;

    /// <param name="frame">Valid until the next call of <see cref="Room"/>.</param>
    /// <exception cref="InvalidDataException">It is longer than any frame may be.</exception>
    public bool TryTake(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        var rest = Rest;
        if (rest.Length < FrameFormat.HeaderLength)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if ((uint)length > Frames.MaxLength)
        {
            HasEnded = length == FrameFormat.Goodbye
                ? true
                : throw new InvalidDataException($"A frame of {(uint)length} bytes was announced; {Frames.MaxLength} are allowed.");
            return false;
        }

        if (rest.Length - FrameFormat.HeaderLength < length)
            return false;
        frame = rest.Slice(FrameFormat.HeaderLength, length);
        _start += FrameFormat.HeaderLength + length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end) = (0, 0);
    }

    // The size of the buffer that suits what is there and what is to be expected.
    private int Size()
    {
        var rest = Rest;
        var needed = FrameFormat.HeaderLength;
        if (rest.Length >= FrameFormat.HeaderLength)
            needed += BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (needed > BusySize)
            return needed <= _buffer.Length ? _buffer.Length : Math.Min(needed, Math.Max(EagerSize, 2 * _buffer.Length));
        // Room that was left means that the other side has said all for now: the wait for more may be long.
        return needed <= QuietSize && !_wasFilled ? QuietSize : BusySize;
    }

    private void MoveTo(int size)
    {
        var rest = Rest;
        if (size == _buffer.Length)
        {
            rest.CopyTo(_buffer);
        }
        else
        {
            var other = ArrayPool<byte>.Shared.Rent(size);
            rest.CopyTo(other);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = other;
        }

        (_start, _end) = (0, rest.Length);
    }
}
