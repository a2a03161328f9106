namespace ChatAkka.Storage;

/// <summary>The health of a store: what its last write met. Any thread that learns something reports it.</summary>
internal sealed class StoreHealth(TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile StorageHealth _current = new(StorageState.Available, time.GetUtcNow(), "The store is available.");

    /// <summary>Raised at every change of state, in order, on the thread that noticed it; handlers must be brief.</summary>
    public event Action<StorageHealth>? Changed;

    public StorageHealth Current => _current;

    /// <summary>How often it has become available. A failure of something that was begun before the last time says nothing of
    /// now.</summary>
    public int Recoveries { get; private set; }

    public void Good() => Set(StorageState.Available, "The store is available.");

    public void Bad(string sentence) => Set(StorageState.Unavailable, sentence);

    private void Set(StorageState state, string sentence)
    {
        if (_current.State == state && _current.Sentence == sentence)
        {
            return;
        }

        lock (_gate)
        {
            var changed = _current.State != state;
            _current = new StorageHealth(state, changed ? time.GetUtcNow() : _current.Since, sentence);
            if (changed)
            {
                Recoveries += state == StorageState.Available ? 1 : 0;
                Changed?.Invoke(_current);
            }
        }
    }
}
