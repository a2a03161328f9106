namespace ChatAkka.Tests.MultiNode.Links;

/// <summary>
/// The way of bytes from one node to another. While it is cut they are kept, as a network keeps them that will be whole again before the
/// connections over it have given up; nothing is told to either end. Thread-safe.
/// </summary>
internal sealed class Direction
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _delay;
    private long _carried;

    public Direction() => _whole.SetResult();

    public bool IsWhole => Whole.IsCompleted;

    /// <summary>Completes when bytes may pass.</summary>
    public Task Whole => Volatile.Read(ref _whole).Task;

    /// <summary>How long bytes are under way: at least so long, at most twice as long.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>Bytes that have passed.</summary>
    public long Carried => Interlocked.Read(ref _carried);

    /// <summary>Bytes have passed.</summary>
    public void Carry(int bytes) => Interlocked.Add(ref _carried, bytes);

    /// <summary>Keeps from now on what is sent.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            if (_whole.Task.IsCompleted)
            {
                _whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Lets through what was kept, and what comes.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _whole.TrySetResult();
        }
    }
}
