using System.Buffers.Binary;
using System.Text;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>What one poll is answered.</summary>
/// <param name="Frames">The JSON of each.</param>
/// <param name="Poll">What the next poll must name to go on.</param>
internal sealed record PollAnswer(IReadOnlyList<byte[]> Frames, string Poll);

/// <summary>
/// The way out of a virtual socket: frames wait here for a poll. The connection's actor writes, as to any transport; polls come from
/// whatever thread, and one waits at a time.
/// </summary>
/// <remarks>
/// A frame is answered once and then forgotten. The value that the next poll must name changes with every answer that had frames, so that
/// a client who didn't get one can't go on as if nothing had been in it. The queue is bounded: with <see cref="MaxAnswerBytes"/> waiting a
/// flush isn't done before a poll has made room, and the connection treats that like any client who doesn't read.
/// </remarks>
internal sealed class PollOutput(string name)
{
    /// <summary>Bytes of the frames of one answer, if it has more than one.</summary>
    public const int MaxAnswerBytes = ProtocolLimits.MaxFrameBytes;

    private readonly Lock _lock = new();
    private readonly WaitingFrames _frames = new();
    private TaskCompletionSource<PollAnswer>? _poll;
    private TaskCompletionSource<bool>? _flush;
    private byte[]? _closing;
    private int _answers;
    private bool _claimed;
    private bool _told;
    private bool _unbounded;

    /// <summary>Nothing will be written any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closing is not null;
            }
        }
    }

    /// <summary>It is closed and nobody is to be told so: it was told, no poll has ever come, or none can come any more.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock)
            {
                return HasNoReader;
            }
        }
    }

    /// <summary>Somebody waits for an answer.</summary>
    public bool IsPolled
    {
        get
        {
            lock (_lock)
            {
                return _poll is not null;
            }
        }
    }

    private bool IsReady => _closing is not null || _frames.HasNews || _frames.Bytes >= MaxAnswerBytes;

    private bool HasNoReader => _told || _closing is not null && !_claimed && _poll is null;

    private string Name => $"{name}-{_answers}";

    /// <summary>Takes whole frames with their headers.</summary>
    /// <returns>True if the last of them was a close frame.</returns>
    public bool Write(ReadOnlySpan<byte> frames)
    {
        lock (_lock)
        {
            while (!frames.IsEmpty && _closing is null)
            {
                var payload = VirtualFrames.TakeFromServer(ref frames, out var opcode);
                switch (opcode)
                {
                    case Opcode.Text:
                        _frames.Add(payload.ToArray());
                        break;
                    case Opcode.Close:
                        var code = payload.IsEmpty ? (int)CloseCode.Normal : BinaryPrimitives.ReadUInt16BigEndian(payload);
                        _closing = Closed(code, payload.IsEmpty ? "" : Encoding.UTF8.GetString(payload[2..]));
                        break;
                }
            }

            return _closing is not null;
        }
    }

    /// <summary>Answers the poll that waits, if there is something for it; done when more may be written.</summary>
    public ValueTask<bool> FlushAsync()
    {
        lock (_lock)
        {
            AnswerIfReady();
            DropIfUnread();
            if (_frames.Bytes < MaxAnswerBytes || _closing is not null || _unbounded)
            {
                return new ValueTask<bool>(true);
            }

            return new ValueTask<bool>((_flush ??= new TaskCompletionSource<bool>()).Task);
        }
    }

    /// <summary>
    /// Holds nothing back any more: what the connection still has to say, and be it only why it ends, is no more than its own bound.
    /// </summary>
    public void Unbind()
    {
        lock (_lock)
        {
            _unbounded = true;
            CompleteFlush();
        }
    }

    /// <summary>The connection is gone. If it left without a close frame, it failed.</summary>
    public void End()
    {
        lock (_lock)
        {
            _closing ??= Closed((int)CloseCode.InternalError, CloseCodes.Reason(CloseCode.InternalError));
            AnswerIfReady();
            DropIfUnread();
        }
    }

    /// <summary>Whether a poll may go on with this session: it names the last answer, or is the first of all.</summary>
    public bool TryClaim(string? poll)
    {
        lock (_lock)
        {
            if (_told || _claimed && poll != Name)
            {
                return false;
            }

            _claimed = true;
            return true;
        }
    }

    /// <summary>No poll comes any more; only one that waits already will still be answered.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _claimed = false;
            DropIfUnread();
        }
    }

    /// <summary>The next answer, which comes when there is something to answer, another poll comes, or the time is over.</summary>
    public async Task<PollAnswer> PollAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        TaskCompletionSource<PollAnswer> poll;
        lock (_lock)
        {
            Answer(_poll);
            if (IsReady || atMost == TimeSpan.Zero)
            {
                return Take();
            }

            poll = _poll = new TaskCompletionSource<PollAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await using var timer = time.CreateTimer(_ => TimeIsOver(poll), null, atMost, Timeout.InfiniteTimeSpan);
        await using var leaving = cancel.UnsafeRegister(_ => Leave(poll, cancel), null);
        return await poll.Task;
    }

    private static byte[] Closed(int code, string reason)
    {
        var writer = new FrameWriter();
        ServerFrameEncoder.Closed(writer, code, reason);
        return writer.Written.ToArray();
    }

    private void TimeIsOver(TaskCompletionSource<PollAnswer> poll)
    {
        lock (_lock)
        {
            if (_poll == poll)
            {
                Answer(poll);
            }
        }
    }

    // What waits stays: the client, who got nothing, can ask again with the same name.
    private void Leave(TaskCompletionSource<PollAnswer> poll, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_poll == poll)
            {
                _poll = null;
                poll.SetCanceled(cancel);
            }
        }
    }

    private void AnswerIfReady()
    {
        if (IsReady)
        {
            Answer(_poll);
        }
    }

    private void DropIfUnread()
    {
        if (HasNoReader)
        {
            _frames.Clear();
        }
    }

    private void Answer(TaskCompletionSource<PollAnswer>? poll)
    {
        if (poll is not null)
        {
            _poll = null;
            poll.SetResult(Take());
        }
    }

    private PollAnswer Take()
    {
        var frames = _frames.Take(MaxAnswerBytes);
        if (_closing is not null && _frames.IsEmpty && !_told)
        {
            frames.Add(_closing);
            _told = true;
        }

        if (frames.Count > 0)
        {
            _answers++;
        }

        if (_frames.Bytes < MaxAnswerBytes)
        {
            CompleteFlush();
        }

        return new PollAnswer(frames, Name);
    }

    // Its continuation only tells an actor: it may run here.
    private void CompleteFlush()
    {
        var flush = _flush;
        _flush = null;
        flush?.SetResult(true);
    }
}
