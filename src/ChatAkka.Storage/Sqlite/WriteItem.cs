using ChatAkka.Storage.Writing;

namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// A write that waits for the writer thread. It may be executed twice (the second time because another item of its group
/// failed), so executing it must have no effect but in the database, and its outcome counts only once it is published.
/// </summary>
internal abstract class WriteItem : PendingWrite
{
    /// <summary>Writes, within a transaction, on the writer thread.</summary>
    public abstract void Execute(SqliteSession session);
}

/// <summary>A write whose outcome is awaited.</summary>
internal abstract class WriteItem<T>(CancellationToken cancel) : WriteItem
{
    // Asynchronous continuations: the writer thread must never run its callers' code.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override bool IsCanceled => cancel.IsCancellationRequested;

    public override void Execute(SqliteSession session) => _result = Write(session);

    public override void Succeed() => _completion.TrySetResult(_result!);

    public override void Fail(Exception reason) => _completion.TrySetException(reason);

    public override void Cancel() => _completion.TrySetCanceled(cancel);

    protected abstract T Write(SqliteSession session);
}

/// <summary>A write given as a function.</summary>
internal sealed class WriteFunction<T>(Func<SqliteSession, T> write, CancellationToken cancel) : WriteItem<T>(cancel)
{
    protected override T Write(SqliteSession session) => write(session);
}

/// <summary>Writes nothing, and has its outcome after all that were accepted before it, whatever theirs is.</summary>
internal sealed class WriteBarrier(CancellationToken cancel) : WriteItem<bool>(cancel)
{
    public override void Fail(Exception reason) => Succeed();

    protected override bool Write(SqliteSession session) => true;
}
