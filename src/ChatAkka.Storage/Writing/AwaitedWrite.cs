namespace ChatAkka.Storage.Writing;

/// <summary>A write whose outcome is awaited, and that has no result.</summary>
internal abstract class AwaitedWrite(CancellationToken cancel) : PendingWrite
{
    // Asynchronous continuations: whoever writes must never run its callers' code.
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Completion => _completion.Task;

    public override bool IsCanceled => cancel.IsCancellationRequested;

    public override void Succeed() => _completion.TrySetResult();

    public override void Fail(Exception reason) => _completion.TrySetException(reason);

    public override void Cancel() => _completion.TrySetCanceled(cancel);
}
