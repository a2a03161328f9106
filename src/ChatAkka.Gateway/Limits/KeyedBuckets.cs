namespace ChatAkka.Gateway.Limits;

/// <summary>
/// A token bucket for each of many keys; thread-safe. One lock for all: meant for what is rare and dear, such as hashing a password.
/// Bounded: a full bucket is as good as none and is forgotten, and at <paramref name="capacity"/> keys the one that wasn't used for
/// longest goes, full or not.
/// </summary>
/// <param name="perSecond">More than 0.</param>
internal sealed class KeyedBuckets<TKey>(double perSecond, int burst, int capacity, TimeProvider time)
    where TKey : notnull
{
    // Looked at with every use, so that forgetting keeps up with adding.
    private const int ForgetAtOnce = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _buckets = [];

    // In the order of their last use, the oldest first; as all fill at one rate, those in front are likely to be full.
    private readonly LinkedList<Entry> _order = new();

    /// <summary>Keys whose buckets aren't forgotten yet.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _buckets.Count;
            }
        }
    }

    /// <summary>Takes a token of a key; if there is none, tells in how many ms there will be one.</summary>
    public bool TryTake(TKey key, out long retryMs)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            ForgetFull(now);
            if (_buckets.TryGetValue(key, out var node))
            {
                _order.Remove(node);
            }
            else
            {
                if (_buckets.Count >= capacity)
                {
                    Forget(_order.First!);
                }

                node = new LinkedListNode<Entry>(new Entry(key, burst, now));
                _buckets.Add(key, node);
            }

            _order.AddLast(node);
            return node.Value.Bucket.TryTake(perSecond, burst, now, time.TimestampFrequency, out retryMs);
        }
    }

    /// <summary>From now on the key's bucket is full.</summary>
    public void Refill(TKey key)
    {
        lock (_lock)
        {
            if (_buckets.TryGetValue(key, out var node))
            {
                Forget(node);
            }
        }
    }

    private void ForgetFull(long now)
    {
        for (var i = 0; i < ForgetAtOnce && _order.First is { } oldest; i++)
        {
            if (!oldest.Value.Bucket.IsFull(perSecond, burst, now, time.TimestampFrequency))
            {
                return;
            }

            Forget(oldest);
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _buckets.Remove(node.Value.Key);
    }

    private sealed class Entry(TKey key, int burst, long now)
    {
        public TKey Key => key;

        // A mutable struct: a field, so that it is changed in place.
        public TokenBucket Bucket = new(burst, now);
    }
}
