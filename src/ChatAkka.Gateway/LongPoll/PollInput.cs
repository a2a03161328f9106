using System.Buffers;
using ChatAkka.Gateway.Transport;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>What became of bytes that were written to a <see cref="PollInput"/>.</summary>
internal enum Intake
{
    /// <summary>They will be read.</summary>
    Taken,

    /// <summary>What was written before hasn't been read yet.</summary>
    Full,

    /// <summary>Nobody reads any more.</summary>
    Ended,
}

/// <summary>
/// The way into a virtual socket. It holds the bytes of one write; the next is refused until they are read, which is how the
/// connection's back-pressure reaches those who post.
/// </summary>
internal sealed class PollInput
{
    private readonly Lock _lock = new();
    private byte[]? _bytes;
    private int _start;
    private bool _examined;
    private bool _ended;
    private TaskCompletionSource<Input>? _reader;
    private TaskCompletionSource? _room;

    /// <summary>Hands bytes to the reader, who owns them from then on. From any thread.</summary>
    /// <param name="bytes">Whole frames, at least one.</param>
    public Intake TryWrite(byte[] bytes)
    {
        lock (_lock)
        {
            if (_ended || _bytes is not null)
            {
                return _ended ? Intake.Ended : Intake.Full;
            }

            (_bytes, _start, _examined) = (bytes, 0, false);
            WakeReader();
            return Intake.Taken;
        }
    }

    /// <summary>Done when a write may succeed again, or can't any more.</summary>
    public Task WhenRoomAsync()
    {
        lock (_lock)
        {
            if (_ended || _bytes is null)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>As <see cref="ITransport.ReadAsync"/>.</summary>
    public ValueTask<Input> ReadAsync()
    {
        lock (_lock)
        {
            if (_ended || _bytes is not null && !_examined)
            {
                return new ValueTask<Input>(Show());
            }

            _reader = new TaskCompletionSource<Input>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<Input>(_reader.Task);
        }
    }

    /// <summary>As <see cref="ITransport.AdvanceTo"/>.</summary>
    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_lock)
        {
            if (_bytes is null)
            {
                return;
            }

            _start = consumed.GetInteger();
            _examined = examined.GetInteger() == _bytes.Length;
            if (_start == _bytes.Length)
            {
                _bytes = null;
                WakeWriters();
            }
        }
    }

    /// <summary>Nothing follows: the reader sees the rest and the end. From any thread, more than once.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            WakeReader();
            WakeWriters();
        }
    }

    private Input Show() =>
        new(_bytes is null ? default : new ReadOnlySequence<byte>(_bytes, _start, _bytes.Length - _start), _ended);

    // Both go on elsewhere, not under the lock.
    private void WakeReader()
    {
        var reader = _reader;
        _reader = null;
        reader?.SetResult(Show());
    }

    private void WakeWriters()
    {
        var room = _room;
        _room = null;
        room?.SetResult();
    }
}
