using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>Why an observer does not reach a subject.</summary>
internal enum Unreachability
{
    /// <summary>It doesn't answer. It may do so again.</summary>
    Silent = 1,

    /// <summary>There is another incarnation at its address: it never will.</summary>
    Terminated = 2,
}

/// <summary>
/// Who does not reach whom. Immutable. Only an observer changes its own row, and numbers the changes, so that of two rows of one observer
/// the one with the higher number is the newer one.
/// </summary>
internal sealed class Reachability : IEquatable<Reachability>
{
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<UniqueAddress, Row>.Empty);

    private readonly ImmutableSortedDictionary<UniqueAddress, Row> _rows;
    private ImmutableSortedSet<UniqueAddress>? _unreachable;

    private Reachability(ImmutableSortedDictionary<UniqueAddress, Row> rows) => _rows = rows;

    /// <summary>By observer. One that reaches everybody again keeps its empty row, for the number.</summary>
    public ImmutableSortedDictionary<UniqueAddress, Row> Rows => _rows;

    /// <summary>Those that at least one observer does not reach.</summary>
    public ImmutableSortedSet<UniqueAddress> Unreachable => _unreachable ??= [.. _rows.Values.SelectMany(static row => row.Subjects.Keys)];

    public bool IsAllReachable => Unreachable.IsEmpty;

    public IEnumerable<(UniqueAddress Observer, UniqueAddress Subject)> Records =>
        _rows.SelectMany(static row => row.Value.Subjects.Keys.Select(subject => (row.Key, subject)));

    public static Reachability From(IEnumerable<KeyValuePair<UniqueAddress, Row>> rows) => new(rows.ToImmutableSortedDictionary());

    /// <summary>Whether all reach the subject.</summary>
    public bool IsReachable(UniqueAddress subject) => !Unreachable.Contains(subject);

    public bool IsReachable(UniqueAddress observer, UniqueAddress subject) =>
        !_rows.TryGetValue(observer, out var row) || !row.Subjects.ContainsKey(subject);

    public ImmutableSortedDictionary<UniqueAddress, Unreachability> UnreachableFrom(UniqueAddress observer) =>
        _rows.TryGetValue(observer, out var row) ? row.Subjects : Row.Reaching.Subjects;

    /// <summary>The observer does not reach the subject (any more). What is terminated stays so.</summary>
    public Reachability With(UniqueAddress observer, UniqueAddress subject, Unreachability why)
    {
        var row = _rows.GetValueOrDefault(observer, Row.Reaching);
        return row.Subjects.TryGetValue(subject, out var known) && known >= why
            ? this
            : new Reachability(_rows.SetItem(observer, new Row(row.Version + 1, row.Subjects.SetItem(subject, why))));
    }

    /// <summary>The observer reaches the subject again. What is terminated stays so.</summary>
    public Reachability Without(UniqueAddress observer, UniqueAddress subject) =>
        _rows.TryGetValue(observer, out var row) && row.Subjects.TryGetValue(subject, out var known) && known != Unreachability.Terminated
            ? new Reachability(_rows.SetItem(observer, new Row(row.Version + 1, row.Subjects.Remove(subject))))
            : this;

    /// <summary>The newer row of each observer.</summary>
    public Reachability Merge(Reachability other)
    {
        var rows = _rows.ToBuilder();
        foreach (var (observer, row) in other._rows)
        {
            if (!rows.TryGetValue(observer, out var known) || known.Version < row.Version)
                rows[observer] = row;
        }

        return new Reachability(rows.ToImmutable());
    }

    /// <summary>Only what concerns nodes that are members.</summary>
    public Reachability Restrict(Predicate<UniqueAddress> isMember)
    {
        var rows = _rows;
        foreach (var (observer, row) in _rows)
        {
            if (!isMember(observer))
            {
                rows = rows.Remove(observer);
                continue;
            }

            var gone = row.Subjects.Keys.Where(subject => !isMember(subject)).ToList();
            if (gone.Count > 0)
                rows = rows.SetItem(observer, row with { Subjects = row.Subjects.RemoveRange(gone) });
        }

        return ReferenceEquals(rows, _rows) ? this : new Reachability(rows);
    }

    /// <summary>Without what these observers say.</summary>
    public Reachability WithoutObservers(Predicate<UniqueAddress> isExcluded)
    {
        var excluded = _rows.Keys.Where(observer => isExcluded(observer)).ToList();
        return excluded.Count == 0 ? this : new Reachability(_rows.RemoveRange(excluded));
    }

    public bool Equals(Reachability? other) =>
        other is not null && (ReferenceEquals(_rows, other._rows) || _rows.SequenceEqual(other._rows));

    public override bool Equals(object? obj) => Equals(obj as Reachability);

    public override int GetHashCode() => _rows.Count;

    public override string ToString() =>
        $"Reachability({string.Join(", ", Records.Select(static record => $"{record.Observer} -> {record.Subject}"))})";

    /// <summary>What one observer says.</summary>
    internal sealed record Row(long Version, ImmutableSortedDictionary<UniqueAddress, Unreachability> Subjects)
    {
        public static readonly Row Reaching = new(0, ImmutableSortedDictionary<UniqueAddress, Unreachability>.Empty);

        public bool Equals(Row? other) => other is not null && Version == other.Version && Subjects.SequenceEqual(other.Subjects);

        public override int GetHashCode() => Version.GetHashCode();
    }
}
