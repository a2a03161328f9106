namespace ChatAkka.Gateway.Connections;

/// <summary>
/// Everything on this node that has deadlines: one slot each, no timer each. An entry leaves when its sweep says so;
/// there is no other way out, so that a socket is watched until it is certainly closed.
/// </summary>
internal sealed class ConnectionRegistry
{
    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private ISweepable?[] _slots = new ISweepable?[64];
    private int _used;

    /// <summary>How many there are, of all kinds.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _used - _free.Count;
            }
        }
    }

    public void Add(ISweepable entry)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var slot))
            {
                slot = _used++;
                if (slot == _slots.Length)
                {
                    Array.Resize(ref _slots, slot * 2);
                }
            }

            _slots[slot] = entry;
        }
    }

    /// <summary>Sweeps every entry. Entries that are added meanwhile may be left for the next time.</summary>
    public void Sweep(long now)
    {
        foreach (var (slot, entry) in Entries())
        {
            if (!entry.Sweep(now))
            {
                lock (_lock)
                {
                    _slots[slot] = null;
                    _free.Push(slot);
                }
            }
        }
    }

    /// <summary>All of one kind that there are now.</summary>
    public IEnumerable<T> All<T>()
        where T : ISweepable => Entries().Select(e => e.Entry).OfType<T>();

    // Reads without the lock: a slot is a reference, written at once, and growing leaves the old array as it was.
    private IEnumerable<(int Slot, ISweepable Entry)> Entries()
    {
        var slots = Volatile.Read(ref _slots);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (Volatile.Read(ref slots[slot]) is { } entry)
            {
                yield return (slot, entry);
            }
        }
    }
}
