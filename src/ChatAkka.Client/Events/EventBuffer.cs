namespace ChatAkka.Client.Events;

/// <summary>
/// What happened and wasn't taken by the program yet. Guarded by its client. Bounded: from <paramref name="capacity"/> on the client stops
/// reading from the server, unless somebody awaits an answer; then it reads on, up to twice as many, and beyond that leaves channels'
/// events to be fetched later, and drops what passes anyway (typing, presence, receipts, states of the connection).
/// </summary>
internal sealed class EventBuffer(int capacity)
{
    private readonly Queue<ChatEvent> _events = new();
    private TaskCompletionSource? _arrival;

    /// <summary>The client should stop reading.</summary>
    public bool IsFull => _events.Count >= capacity;

    /// <summary>Nothing more may be added.</summary>
    public bool IsOverfull => _events.Count >= 2 * capacity;

    /// <summary>There is so much room that reading is worthwhile again.</summary>
    public bool HasDrained => _events.Count <= capacity / 2;

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => _events.Count == 0;

    /// <summary>No event will come any more.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Adds an event that must not be lost; the caller has seen that there is room.</summary>
    public void Add(ChatEvent e)
    {
        if (!IsComplete)
        {
            _events.Enqueue(e);
            Announce();
        }
    }

    /// <summary>Adds an event that may be lost.</summary>
    public void Offer(ChatEvent e)
    {
        if (!IsOverfull)
        {
            Add(e);
        }
    }

    /// <summary>Ends the stream with a last event.</summary>
    /// <param name="drop">What waits isn't wanted any more.</param>
    public void Complete(ChatEvent last, bool drop)
    {
        if (drop)
        {
            _events.Clear();
        }

        Add(last);
        IsComplete = true;
        Announce();
    }

    public bool TryTake(out ChatEvent? e) => _events.TryDequeue(out e);

    /// <summary>Ends when there is something to take, or never will be.</summary>
    public Task ArrivalAsync() => IsComplete || !IsEmpty
        ? Task.CompletedTask
        : (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Announce()
    {
        _arrival?.TrySetResult();
        _arrival = null;
    }
}
