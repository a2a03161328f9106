namespace Akka.DistributedData;

/// <summary>The key of a <see cref="Flag"/>.</summary>
public sealed class FlagKey(string id) : Key<Flag>(id);

/// <summary>A flag that is switched on once and for all. Immutable.</summary>
public sealed class Flag(bool enabled)
    : IReplicatedData<Flag>, IReplicatedDataSerialization, IEquatable<Flag>, IComparable<Flag>, IComparable, IFingerprinted
{
    public static readonly Flag False = new(false);
    public static readonly Flag True = new(true);

    public Flag() : this(false)
    {
    }

    public bool Enabled { get; } = enabled;

    ulong IFingerprinted.Fingerprint => Enabled ? 1UL : 2UL;

    public Flag SwitchOn() => Enabled ? this : True;

    public Flag Merge(Flag other) => other.Enabled ? other : this;

    public bool Equals(Flag? other) => other is not null && Enabled == other.Enabled;

    public override bool Equals(object? obj) => Equals(obj as Flag);

    public override int GetHashCode() => Enabled.GetHashCode();

    public int CompareTo(Flag? other) => other is null ? 1 : Enabled.CompareTo(other.Enabled);

    public int CompareTo(object? obj) => CompareTo(obj as Flag);

    public override string ToString() => $"Flag({Enabled})";

    IReplicatedData IReplicatedData.Merge(IReplicatedData other) => Merge((Flag)other);

    public static implicit operator bool(Flag flag) => flag.Enabled;
}
