namespace ChatAkka.Client.Sessions;

/// <summary>Holds the reader back while the program is behind. Guarded by its client.</summary>
internal sealed class ReadGate
{
    private TaskCompletionSource? _opening;

    /// <summary>The reader waits.</summary>
    public bool IsShut => _opening is not null;

    /// <summary>The reader wants to read: null if it may; otherwise what to await before asking again.</summary>
    /// <param name="isBehind">It had better wait, if it isn't waiting already.</param>
    public Task? Ask(bool isBehind)
    {
        if (_opening is { Task.IsCompleted: false })
        {
            return _opening.Task;
        }

        _opening = isBehind && _opening is null ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        return _opening?.Task;
    }

    /// <summary>The reader may go on, at least with one frame.</summary>
    public void Open() => _opening?.TrySetResult();

    /// <summary>There is no reader any more.</summary>
    public void Reset() => _opening = null;
}
