namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// What something was when: what is answered or stored may be as old as the question, so it is judged by all that was true meanwhile.
/// </summary>
internal sealed class Past<TKey, TValue>(TimeProvider time, TValue atFirst)
    where TKey : notnull
{
    private readonly Dictionary<TKey, List<(long At, TValue Value)>> _changes = [];

    public TValue this[TKey key]
    {
        get => _changes.TryGetValue(key, out var changes) ? changes[^1].Value : atFirst;
        set
        {
            if (!_changes.TryGetValue(key, out var changes))
            {
                _changes[key] = changes = [];
            }

            changes.Add((time.GetTimestamp(), value));
        }
    }

    /// <summary>All that it was from then until now.</summary>
    public IEnumerable<TValue> Since(TKey key, long from)
    {
        if (!_changes.TryGetValue(key, out var changes))
        {
            return [atFirst];
        }

        var first = changes.FindIndex(change => change.At >= from);
        var before = first < 0 ? changes[^1].Value : first == 0 ? atFirst : changes[first - 1].Value;
        return first < 0 ? [before] : changes.Skip(first).Select(change => change.Value).Prepend(before);
    }

    /// <summary>All that it was lately, within the time that anything here may be on its way.</summary>
    public IEnumerable<TValue> Lately(TKey key) => Since(key, time.GetTimestamp() - TimeSpan.TicksPerSecond);
}
