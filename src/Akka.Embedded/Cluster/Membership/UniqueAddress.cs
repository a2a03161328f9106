using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One incarnation of a node: a system that is started again at the same address has another <see cref="Uid"/>.</summary>
public class UniqueAddress(Address address, int uid) : IComparable<UniqueAddress>, IComparable, IEquatable<UniqueAddress>
{
    public Address Address { get; } = address;

    public int Uid { get; } = uid;

    public int CompareTo(UniqueAddress? other)
    {
        if (other is null)
            return 1;
        var byAddress = Member.AddressOrdering.Compare(Address, other.Address);
        return byAddress != 0 ? byAddress : Uid.CompareTo(other.Uid);
    }

    public bool Equals(UniqueAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && Uid == other.Uid && Address == other.Address);

    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    public override int GetHashCode() => Uid;

    public override string ToString() => $"{Address}#{Uid}";

    int IComparable.CompareTo(object? obj) => CompareTo(obj as UniqueAddress);

    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => Equals(left, right);

    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !Equals(left, right);
}
