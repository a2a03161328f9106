using ChatAkka.Gateway.Transport;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// The way out of one socket: a transport and, while that sends, a queue. Its owner alone calls it, from one thread at a time, but for
/// <see cref="OnFlushed"/>, which is called on whatever thread the transport finished sending.
/// </summary>
/// <remarks>
/// Frames go to the transport as they come and reach the socket with <see cref="Flush"/>, so that a burst is one system call. While a flush
/// is pending nothing may be written; frames wait then, in order. The queue is bounded: a live frame beyond the limit is
/// refused and the owner closes the socket. Frames of the opening sync are exempt, because their amount is the server's doing.
/// <para>
/// A base class, not a part of its owner: every socket has one, and almost none has anything waiting.
/// </para>
/// </remarks>
internal abstract class Outbound(ITransport transport, int limit)
{
    // Unflushed bytes after which a burst is flushed without waiting for its end, to bound what the transport holds.
    private const int FlushAt = 32 * 1024;

    private Stall? _stall;
    private int _unflushed;

    /// <summary>A flush hasn't completed: the client isn't reading.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>The other end is gone; everything written is lost.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Live bytes in the queue.</summary>
    public long WaitingBytes => _stall?.LiveBytes ?? 0;

    /// <summary>Writes a frame whose bytes are valid only during the call; false if the queue is full.</summary>
    public bool TryWrite(ReadOnlySpan<byte> frame, bool exempt = false)
    {
        if (IsFlushing)
        {
            return _stall!.TryEnqueue(frame.ToArray(), exempt, limit);
        }

        Append(frame);
        return true;
    }

    /// <summary>Writes a frame that is shared and never changes: it waits without a copy.</summary>
    public bool TryWriteShared(ReadOnlyMemory<byte> frame, bool exempt = false)
    {
        if (IsFlushing)
        {
            return _stall!.TryEnqueue(frame, exempt, limit);
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
        (_stall ??= new Stall()).Flush = flush;
        flush.GetAwaiter().UnsafeOnCompleted(OnFlushed);
    }

    /// <summary>To be called once after <see cref="OnFlushed"/>: the transport takes more, and the queue moves on.</summary>
    public void CompleteFlush()
    {
        var stall = _stall!;
        IsFlushing = false;
        IsBroken |= !stall.Flush.GetAwaiter().GetResult();
        stall.Flush = default;
        if (IsBroken)
        {
            _stall = null;
            return;
        }

        while (!IsFlushing && stall.TryDequeue(out var frame))
        {
            Append(frame.Span);
        }

        Flush();
        if (!IsFlushing)
        {
            _stall = null;
        }
    }

    /// <summary>Forgets what waits, to make room for a close frame.</summary>
    public void DropWaiting() => _stall?.Clear();

    /// <summary>A flush that was pending has completed: the owner is to call <see cref="CompleteFlush"/> on its own thread.</summary>
    protected abstract void OnFlushed();

    private void Append(ReadOnlySpan<byte> frame)
    {
        transport.Write(frame);
        _unflushed += frame.Length;
        if (_unflushed >= FlushAt)
        {
            Flush();
        }
    }

    /// <summary>The pending flush, and what waits for it.</summary>
    private sealed class Stall
    {
        private readonly Queue<(ReadOnlyMemory<byte> Frame, bool Exempt)> _waiting = new();

        public ValueTask<bool> Flush;

        public long LiveBytes { get; private set; }

        public bool TryEnqueue(ReadOnlyMemory<byte> frame, bool exempt, int limit)
        {
            if (!exempt && LiveBytes + frame.Length > limit)
            {
                return false;
            }

            _waiting.Enqueue((frame, exempt));
            LiveBytes += exempt ? 0 : frame.Length;
            return true;
        }

        public bool TryDequeue(out ReadOnlyMemory<byte> frame)
        {
            var any = _waiting.TryDequeue(out var next);
            frame = next.Frame;
            LiveBytes -= next.Exempt ? 0 : frame.Length;
            return any;
        }

        public void Clear()
        {
            _waiting.Clear();
            LiveBytes = 0;
        }
    }
}
