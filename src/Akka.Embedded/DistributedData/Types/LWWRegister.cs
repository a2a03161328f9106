using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData;

/// <summary>Gives a write its time.</summary>
/// <param name="currentTimestamp">The register's time so far; 0 for a new one.</param>
/// <param name="value">What is written.</param>
/// <returns>The register's new time: the highest wins.</returns>
public delegate long Clock<in T>(long currentTimestamp, T value);

/// <summary>The key of an <see cref="LWWRegister{T}"/>.</summary>
public sealed class LWWRegisterKey<T>(string id) : Key<LWWRegister<T>>(id);

/// <summary>
/// A value of which the last write wins, by the writers' clocks: only for what may be lost when it is written twice within the skew of the
/// clocks. Of two writes with one time, that of the lower address wins. Immutable.
/// </summary>
public sealed class LWWRegister<T>
    : IReplicatedData<LWWRegister<T>>, IReplicatedDataSerialization, IEquatable<LWWRegister<T>>, IFingerprinted
{
    /// <summary>The time in ticks of 100 ns, but always later than before.</summary>
    public static readonly Clock<T> DefaultClock = static (timestamp, _) => Math.Max(WallClock.Ticks, timestamp + 1);

    /// <summary>The first write wins.</summary>
    public static readonly Clock<T> ReverseClock = static (timestamp, _) => Math.Min(-WallClock.Ticks, timestamp - 1);

    public LWWRegister(UniqueAddress node, T initial) : this(node, initial, DefaultClock)
    {
    }

    public LWWRegister(UniqueAddress node, T value, long timestamp) => (UpdatedBy, Value, Timestamp) = (node, value, timestamp);

    public LWWRegister(UniqueAddress node, T initial, Clock<T> clock) : this(node, initial, clock(0, initial))
    {
    }

    public long Timestamp { get; }

    public T Value { get; }

    public UniqueAddress UpdatedBy { get; }

    ulong IFingerprinted.Fingerprint => Fingerprints.Of(UpdatedBy, (ulong)Timestamp);

    public LWWRegister<T> WithValue(UniqueAddress node, T value, Clock<T>? clock = null) =>
        new(node, value, (clock ?? DefaultClock)(Timestamp, value));

    public LWWRegister<T> Merge(LWWRegister<T> other)
    {
        if (other.Timestamp != Timestamp)
            return other.Timestamp > Timestamp ? other : this;
        // As Akka.NET does, by the number of the incarnation; addresses decide where that is the same.
        if (other.UpdatedBy.Uid != UpdatedBy.Uid)
            return other.UpdatedBy.Uid < UpdatedBy.Uid ? other : this;
        return other.UpdatedBy.CompareTo(UpdatedBy) < 0 ? other : this;
    }

    public bool Equals(LWWRegister<T>? other) =>
        other is not null && (ReferenceEquals(this, other) || (Timestamp == other.Timestamp
            && UpdatedBy.Equals(other.UpdatedBy) && EqualityComparer<T>.Default.Equals(Value, other.Value)));

    public override bool Equals(object? obj) => Equals(obj as LWWRegister<T>);

    public override int GetHashCode() => HashCode.Combine(UpdatedBy, Timestamp);

    public override string ToString() => $"LWWRegister(value={Value}, timestamp={Timestamp}, updatedBy={UpdatedBy})";

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((LWWRegister<T>)other);
}

/// <summary>The time of the system whose actor runs on this thread, as that of an update does; elsewhere the process's.</summary>
internal static class WallClock
{
#pragma warning disable RS0030 // Outside of any system there is no other clock.
    public static long Ticks => (ActorCell.Current?.SystemImpl.TimeProvider ?? TimeProvider.System).GetUtcNow().UtcTicks;
#pragma warning restore RS0030
}
