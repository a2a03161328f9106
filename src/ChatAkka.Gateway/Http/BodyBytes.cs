using System.Buffers;

namespace ChatAkka.Gateway.Http;

/// <summary>
/// The bytes of a body while they come, in a buffer that grows up to a bound. It belongs to the pool: disposing gives it back, after which
/// nothing of it may be read.
/// </summary>
/// <param name="atMost">Bytes that a body may have; one more is taken, which tells that there are too many.</param>
internal sealed class BodyBytes(int atMost) : IDisposable
{
    private const int FirstBuffer = 4 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _length;

    public bool IsTooLarge => _length > atMost;

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>What has come.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Where the next bytes go; never empty unless there are too many already.</summary>
    public Memory<byte> Room()
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * _length, atMost + 1));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length, Math.Min(_buffer.Length, atMost + 1) - _length);
    }

    /// <summary>So many bytes have come.</summary>
    public void Add(int count) => _length += count;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _length) = ([], 0);
        }
    }
}
