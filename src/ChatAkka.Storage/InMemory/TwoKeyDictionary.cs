namespace ChatAkka.Storage.InMemory;

/// <summary>Values by two keys, of which the first alone is often asked for.</summary>
internal class TwoKeyDictionary<TFirst, TSecond, TValue> : Dictionary<TFirst, Dictionary<TSecond, TValue>>
    where TFirst : notnull
    where TSecond : notnull
{
    public Dictionary<TSecond, TValue> GetOrAdd(TFirst first)
    {
        if (!TryGetValue(first, out var values))
        {
            this[first] = values = [];
        }

        return values;
    }
}
