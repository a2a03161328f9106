using ChatAkka.Gateway.Transport;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// The way out of one socket: a transport and, while that sends, a queue. Its owner alone calls it, from one thread at a time, but for
/// the callback, which runs on whatever thread the transport finished sending.
/// </summary>
/// <remarks>
/// Frames go to the transport as they come and reach the socket with <see cref="Flush"/>, so that a burst is one system call. While a flush
/// is pending nothing may be written; frames wait then, in order. The queue is bounded: a live frame beyond the limit is
/// refused and the owner closes the socket. Frames of the opening sync are exempt, because their amount is the server's doing.
/// </remarks>
internal sealed class Outbound(ITransport transport, int limit, Action flushed)
{
    // Unflushed bytes after which a burst is flushed without waiting for its end, to bound what the transport holds.
    private const int FlushAt = 32 * 1024;

    private Queue<Waiting>? _queue;
    private ValueTask<bool> _flush;
    private long _liveBytes;
    private int _unflushed;

    /// <summary>A flush hasn't completed: the client isn't reading.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>The other end is gone; everything written is lost.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Live bytes in the queue.</summary>
    public long WaitingBytes => _liveBytes;

    /// <summary>Writes a frame whose bytes are valid only during the call; false if the queue is full.</summary>
    public bool Write(ReadOnlySpan<byte> frame, bool exempt = false)
    {
        if (IsFlushing)
        {
            return Enqueue(frame.ToArray(), exempt);
        }

        Append(frame);
        return true;
    }

    /// <summary>Writes a frame that is shared and never changes: it waits without a copy.</summary>
    public bool WriteShared(ReadOnlyMemory<byte> frame, bool exempt = false)
    {
        if (IsFlushing)
        {
            return Enqueue(frame, exempt);
        }

        Append(frame.Span);
        return true;
    }

    /// <summary>Lets what was written go out.</summary>
    public void Flush()
    {
        if (IsFlushing || _unflushed == 0)
        {
            return;
        }

        _unflushed = 0;
        var flush = transport.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            IsBroken |= !flush.Result;
            return;
        }

        IsFlushing = true;
        _flush = flush;
        flush.GetAwaiter().UnsafeOnCompleted(flushed);
    }

    /// <summary>To be called once after the callback: the transport takes more, and the queue moves on.</summary>
    public void FlushCompleted()
    {
        IsFlushing = false;
        IsBroken |= !_flush.GetAwaiter().GetResult();
        _flush = default;
        if (IsBroken)
        {
            DropWaiting();
            return;
        }

        while (!IsFlushing && _queue is not null && _queue.TryDequeue(out var next))
        {
            _liveBytes -= next.Exempt ? 0 : next.Frame.Length;
            Append(next.Frame.Span);
        }

        if (_queue is { Count: 0 })
        {
            _queue = null;
        }

        Flush();
    }

    /// <summary>Forgets what waits, to make room for a close frame.</summary>
    public void DropWaiting() => (_queue, _liveBytes) = (null, 0);

    private void Append(ReadOnlySpan<byte> frame)
    {
        transport.Write(frame);
        _unflushed += frame.Length;
        if (_unflushed >= FlushAt)
        {
            Flush();
        }
    }

    private bool Enqueue(ReadOnlyMemory<byte> frame, bool exempt)
    {
        if (!exempt && _liveBytes + frame.Length > limit)
        {
            return false;
        }

        _queue ??= new Queue<Waiting>();
        _queue.Enqueue(new Waiting(frame, exempt));
        _liveBytes += exempt ? 0 : frame.Length;
        return true;
    }

    private readonly record struct Waiting(ReadOnlyMemory<byte> Frame, bool Exempt);
}
