namespace ChatAkka.Gateway.Connections;

/// <summary>
/// Everything on this node that has deadlines: one slot each, no timer each. An entry leaves when its sweep says so;
/// there is no other way out, so that a socket is watched until it is certainly closed.
/// </summary>
internal sealed class ConnectionRegistry : IGatewayLoad
{
    // Slots come in blocks that never move: growing copies nothing, and at most one block is room that nobody uses.
    private const int BlockSize = 512;

    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private ISweepable?[][] _blocks = [];
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

    int IGatewayLoad.Sockets => Count;

    public void Add(ISweepable entry)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var slot))
            {
                slot = _used++;
                if (slot == _blocks.Length * BlockSize)
                {
                    Volatile.Write(ref _blocks, [.. _blocks, new ISweepable?[BlockSize]]);
                }
            }

            Slot(_blocks, slot) = entry;
        }
    }

    /// <summary>Sweeps every entry. Entries that are added meanwhile may be left for the next time.</summary>
    public void Sweep(long now)
    {
        foreach (var (slot, entry) in Entries())
        {
            if (!entry.Sweep(now))
            {
                Free(slot);
            }
        }
    }

    /// <summary>All of one kind that there are now.</summary>
    public IEnumerable<T> All<T>()
        where T : ISweepable => Entries().Select(e => e.Entry).OfType<T>();

    private void Free(int slot)
    {
        lock (_lock)
        {
            Slot(_blocks, slot) = null;
            _free.Push(slot);
        }
    }

    // Reads without the lock: a slot is a reference, written at once, and growing leaves the blocks that there are.
    private IEnumerable<(int Slot, ISweepable Entry)> Entries()
    {
        var blocks = Volatile.Read(ref _blocks);
        for (var slot = 0; slot < blocks.Length * BlockSize; slot++)
        {
            if (Volatile.Read(ref Slot(blocks, slot)) is { } entry)
            {
                yield return (slot, entry);
            }
        }
    }

    private static ref ISweepable? Slot(ISweepable?[][] blocks, int slot) => ref blocks[slot / BlockSize][slot % BlockSize];
}
