using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Requests;

/// <summary>A request that waits for its answer. Guarded by its client, except <see cref="IsAbandoned"/>.</summary>
internal abstract class PendingRequest
{
    /// <summary>Its place in the order of the client's requests, and its name on the wire. Given by the outbox.</summary>
    public long Reference { get; set; }

    /// <summary>Requests of one line are made one after the other, each when the one before it is answered; null if it may overtake and be
    /// overtaken.</summary>
    public string? Line { get; init; }

    /// <summary>What it is based on, if it says that; null if it doesn't.</summary>
    public Basis? Basis { get; init; }

    /// <summary>Nobody waits for the answer any more: it isn't sent again.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Writes its frame.</summary>
    public abstract void Write(FrameWriter writer, string reference);

    /// <summary>Takes the answer.</summary>
    public abstract void Succeed(OkServerFrame ok);

    /// <summary>Tells the caller that it failed for good.</summary>
    public abstract void Fail(ChatException error);
}

/// <summary>A request and whoever awaits its answer.</summary>
/// <param name="write">Writes its frame, given its name.</param>
/// <param name="read">What the caller gets of the answer; null if the answer lacks it.</param>
internal class PendingRequest<T>(Action<FrameWriter, string> write, Func<OkServerFrame, T?> read) : PendingRequest
    where T : class
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancel;

    /// <summary>The answer; faults with a <see cref="ChatException"/>.</summary>
    public Task<T> Answer => _answer.Task;

    public override bool IsAbandoned => _answer.Task.IsCompleted;

    /// <summary>From now on the caller may give up.</summary>
    public void AbandonOn(CancellationToken cancel) => _cancel = cancel.UnsafeRegister(
        static (request, token) => ((PendingRequest<T>)request!)._answer.TrySetCanceled(token), this);

    public override void Write(FrameWriter writer, string reference) => write(writer, reference);

    public override void Succeed(OkServerFrame ok)
    {
        _cancel.Unregister();
        if (read(ok) is { } answer)
        {
            _answer.TrySetResult(answer);
        }
        else
        {
            _answer.TrySetException(new ChatException(ChatException.BadAnswer, "the answer lacks what was asked for"));
        }
    }

    public override void Fail(ChatException error)
    {
        _cancel.Unregister();
        _answer.TrySetException(error);
        _ = _answer.Task.Exception; // a caller who doesn't look is no unobserved fault of the program
    }
}
