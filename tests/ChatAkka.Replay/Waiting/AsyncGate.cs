namespace ChatAkka.Replay.Waiting;

/// <summary>Open or shut; whoever comes while it is shut waits until it opens. Thread-safe.</summary>
internal sealed class AsyncGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => _opened.Task.IsCompleted;

    public Task OpenedAsync()
    {
        lock (_lock)
        {
            return _opened.Task;
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _opened.TrySetResult();
        }
    }

    public void Shut()
    {
        lock (_lock)
        {
            if (_opened.Task.IsCompleted)
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
