using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using ChatAkka.Gateway.Limits;

namespace ChatAkka.Gateway.Transport;

/// <summary>
/// A connection straight on its socket. Input is read by the poller's thread into a pooled buffer that goes back as soon as it is consumed;
/// output is sent by whoever flushes, and only what the system doesn't take at once waits for the poller.
/// </summary>
/// <remarks>
/// Readiness is told once, at an edge, on another thread. Each direction therefore has a state of three: the edge came before anyone
/// waited, someone waits, or neither. Whoever changes "someone waits" to something else owns that direction until it is done.
/// </remarks>
internal sealed class SocketTransport : ITransport, IPolled, IValueTaskSource<Input>
{
    private const int SmallBuffer = 8 * 1024;

    private const int Quiet = 0;
    private const int Edge = 1;
    private const int Awaited = 2;
    private const int Closed = 3;

    private readonly SocketFile _file;
    private readonly SocketPoller _poller;
    private readonly FileBudget _files;

    private ManualResetValueTaskSourceCore<bool> _read;
    private byte[]? _input;
    private int _inputStart;
    private int _inputEnd;
    private int _inputState;
    private bool _unexamined;
    private bool _more;
    private bool _ended;
    private volatile bool _hungUp;

    private byte[]? _output;
    private int _outputStart;
    private int _outputEnd;
    private int _outputState;
    private TaskCompletionSource<bool>? _flush;

    private volatile bool _aborted;

    /// <param name="file">Polled by <paramref name="poller"/> already; input may be there that the poller has told to somebody
    /// else.</param>
    /// <param name="told">What the poller has told so far.</param>
    /// <param name="files">Left when the connection is closed.</param>
    public SocketTransport(SocketFile file, Readiness told, SocketPoller poller, FileBudget files)
    {
        (_file, _poller, _files) = (file, poller, files);
        _hungUp = IsHangUp(told);
        _more = true;
        poller.Replace(_file, this);
    }

    private enum Sending
    {
        Done,
        Blocked,
        Broken,
    }

    /// <inheritdoc/>
    public ValueTask<Input> ReadAsync()
    {
        while (!TryReceive())
        {
            _read.Reset();
            if (Interlocked.CompareExchange(ref _inputState, Awaited, Quiet) == Quiet)
            {
                return new ValueTask<Input>(this, _read.Version);
            }
        }

        return new ValueTask<Input>(Show());
    }

    /// <inheritdoc/>
    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_input is null)
        {
            return;
        }

        _unexamined = examined.GetInteger() < _inputEnd;
        _inputStart = consumed.GetInteger();
        if (_inputStart == _inputEnd)
        {
            GiveBackInput();
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_output is null)
        {
            _output = ArrayPool<byte>.Shared.Rent(Math.Max(SmallBuffer, bytes.Length));
        }
        else if (_output.Length - _outputEnd < bytes.Length)
        {
            Enlarge(ref _output, ref _outputStart, ref _outputEnd, bytes.Length);
        }

        bytes.CopyTo(_output.AsSpan(_outputEnd));
        _outputEnd += bytes.Length;
    }

    /// <inheritdoc/>
    public ValueTask<bool> FlushAsync()
    {
        while (true)
        {
            Volatile.Write(ref _outputState, Quiet);
            if (Send() is var sending and not Sending.Blocked)
            {
                _flush = null;
                return new ValueTask<bool>(sending == Sending.Done);
            }

            // Before the state, which hands it to the poller. Its continuation only tells an actor: it may run on that thread.
            var flush = _flush ??= new TaskCompletionSource<bool>();
            if (Interlocked.CompareExchange(ref _outputState, Awaited, Quiet) == Quiet)
            {
                return new ValueTask<bool>(flush.Task);
            }
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _aborted = true;
        if (_file.IsClosed)
        {
            return; // the sweep of every connection that ended well comes here
        }

        try
        {
            // Both directions become ready, with an error: whoever waits learns of it through the poller.
            _ = Native.Shutdown(_file, Native.Both);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        _poller.Forget(_file);
        GiveBackInput();

        // A flush that never ended is the poller's, unless it is only waiting.
        if (_flush is null || Interlocked.CompareExchange(ref _outputState, Closed, Awaited) == Awaited)
        {
            GiveBackOutput();
        }

        // What an aborted connection hasn't sent yet would be kept by the system for minutes if its client doesn't read: reset it.
        if (_aborted)
        {
            _file.Reset();
        }
        else
        {
            _file.Dispose();
        }

        _files.Leave();
    }

    /// <inheritdoc/>
    void IPolled.OnReady(Readiness readiness)
    {
        if (IsHangUp(readiness))
        {
            _hungUp = true;
        }

        if ((readiness & ~Readiness.Input) != 0 && Interlocked.Exchange(ref _outputState, Edge) == Awaited)
        {
            GoOnSending();
        }

        if ((readiness & ~Readiness.Output) != 0 && Interlocked.Exchange(ref _inputState, Edge) == Awaited)
        {
            GoOnReading();
        }
    }

    /// <inheritdoc/>
    Input IValueTaskSource<Input>.GetResult(short token)
    {
        _read.GetResult(token);
        return Show();
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<Input>.GetStatus(short token) => _read.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<Input>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private static bool IsHangUp(Readiness readiness) => (readiness & (Readiness.Error | Readiness.HangUp | Readiness.InputEnd)) != 0;

    private Input Show() =>
        new(_input is null ? default : new ReadOnlySequence<byte>(_input, _inputStart, _inputEnd - _inputStart), _ended);

    // The loop waits: the poller's thread reads for it, and runs it.
    private void GoOnReading()
    {
        try
        {
            while (!TryReceive())
            {
                if (Interlocked.CompareExchange(ref _inputState, Awaited, Quiet) == Quiet)
                {
                    return;
                }
            }
        }
        catch (IOException broken)
        {
            _read.SetException(broken);
            return;
        }

        _read.SetResult(true);
    }

    private void GoOnSending()
    {
        while (true)
        {
            Volatile.Write(ref _outputState, Quiet);
            if (Send() is var sending and not Sending.Blocked)
            {
                var flush = _flush!;
                _flush = null;
                flush.SetResult(sending == Sending.Done);
                return;
            }

            if (Interlocked.CompareExchange(ref _outputState, Awaited, Quiet) == Quiet)
            {
                return;
            }
        }
    }

    // False if there is nothing to show before the next edge.
    private bool TryReceive()
    {
        while (!_unexamined && !_ended)
        {
            // Seen before the call that may find nothing: an edge that comes during it counts for the next one.
            if (Interlocked.CompareExchange(ref _inputState, Quiet, Edge) != Edge && !_more)
            {
                return false;
            }

            Receive();
        }

        return true;
    }

    private void Receive()
    {
        if (_input is null)
        {
            _input = ArrayPool<byte>.Shared.Rent(SmallBuffer);
        }
        else if (_inputEnd == _input.Length)
        {
            Enlarge(ref _input, ref _inputStart, ref _inputEnd, 1);
        }

        var room = _input.Length - _inputEnd;
        var received = Native.Receive(_file, ref _input[_inputEnd], room, Native.DontWait);
        if (received > 0)
        {
            // A short read has emptied the socket: what comes later makes a new edge. Only the end of the stream makes none if it is there
            // already.
            _more = received == room || _hungUp;
            _inputEnd += (int)received;
            _unexamined = true;
            return;
        }

        var error = received == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error == Native.Interrupted)
        {
            return;
        }

        _more = false;
        if (_inputStart == _inputEnd)
        {
            GiveBackInput();
        }

        if (error != Native.WouldBlock)
        {
            _ended = true;
            if (error != 0)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    private Sending Send()
    {
        try
        {
            while (_outputStart < _outputEnd)
            {
                var sent = Native.Send(_file, in _output![_outputStart], _outputEnd - _outputStart, Native.DontWait | Native.NoSignal);
                if (sent > 0)
                {
                    _outputStart += (int)sent;
                }
                else if (Marshal.GetLastPInvokeError() is var error and not Native.Interrupted)
                {
                    if (error == Native.WouldBlock)
                    {
                        return Sending.Blocked;
                    }

                    GiveBackOutput();
                    return Sending.Broken;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed while the poller was sending the rest.
            return Sending.Broken;
        }

        GiveBackOutput();
        return Sending.Done;
    }

    private static void Enlarge(ref byte[] buffer, ref int start, ref int end, int room)
    {
        var kept = end - start;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * kept, kept + room));
        buffer.AsSpan(start, kept).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end) = (larger, 0, kept);
    }

    private void GiveBackInput() => GiveBack(ref _input, out _inputStart, out _inputEnd);

    private void GiveBackOutput() => GiveBack(ref _output, out _outputStart, out _outputEnd);

    private static void GiveBack(ref byte[]? buffer, out int start, out int end)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }

        (start, end) = (0, 0);
    }
}
