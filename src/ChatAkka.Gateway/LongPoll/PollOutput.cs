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

    private static readonly byte[] Synced = Encode(ServerFrameEncoder.Synced);

    private readonly Lock _lock = new();
    private readonly Queue<(byte[] Json, bool Counts)> _frames = new();
    private TaskCompletionSource<PollAnswer>? _poll;
    private TaskCompletionSource<bool>? _flush;
    private byte[]? _closing;
    private long _bytes;
    private int _counting;
    private int _answers;
    private bool _greeted;
    private bool _synced;
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

    // What waits besides the bare opening, which says nothing that its client doesn't know.
    private bool IsReady => _closing is not null || _bytes >= MaxAnswerBytes || _synced && _counting > 0;

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
                        Add(payload.ToArray());
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
            if (_bytes < MaxAnswerBytes || _closing is not null || _unbounded)
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

    private static byte[] Encode(Action<FrameWriter> write)
    {
        var writer = new FrameWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    private static byte[] Closed(int code, string reason) => Encode(writer => ServerFrameEncoder.Closed(writer, code, reason));

    private void Add(byte[] json)
    {
        var isSynced = !_synced && json.AsSpan().SequenceEqual(Synced);
        var counts = _greeted && !isSynced;
        _frames.Enqueue((json, counts));
        _bytes += json.Length;
        _counting += counts ? 1 : 0;
        _synced |= isSynced;
        _greeted = true;
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
            (_bytes, _counting) = (0, 0);
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
        List<byte[]> frames = [];
        long bytes = 0;
        while (_frames.TryPeek(out var next) && (frames.Count == 0 || bytes + next.Json.Length <= MaxAnswerBytes))
        {
            _frames.Dequeue();
            frames.Add(next.Json);
            bytes += next.Json.Length;
            _counting -= next.Counts ? 1 : 0;
        }

        _bytes -= bytes;
        if (_closing is not null && _frames.Count == 0 && !_told)
        {
            frames.Add(_closing);
            _told = true;
        }

        if (frames.Count > 0)
        {
            _answers++;
        }

        if (_bytes < MaxAnswerBytes)
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
