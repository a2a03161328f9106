using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// A node of the cluster with its status. Immutable. Two members are equal, and sorted, by their <see cref="UniqueAddress"/> alone.
/// </summary>
public class Member : IComparable<Member>, IComparable
{
    /// <summary>By host and port: the order that makes the first one the leader.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(static (left, right) =>
    {
        var byHost = string.CompareOrdinal(left.Host, right.Host);
        return byHost != 0 ? byHost : (left.Port ?? 0).CompareTo(right.Port ?? 0);
    });

    /// <summary>The oldest first: see <see cref="IsOlderThan"/>.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(static (left, right) =>
        left.Equals(right) ? 0 : left.IsOlderThan(right) ? -1 : 1);

    /// <summary>Of a member that is not up yet.</summary>
    internal const int NoUpNumber = int.MaxValue;

    internal Member(UniqueAddress uniqueAddress, MemberStatus status, ImmutableHashSet<string> roles, int upNumber = NoUpNumber)
    {
        UniqueAddress = uniqueAddress;
        Status = status;
        Roles = roles;
        UpNumber = upNumber;
    }

    public Address Address => UniqueAddress.Address;

    public ImmutableHashSet<string> Roles { get; }

    public MemberStatus Status { get; }

    public UniqueAddress UniqueAddress { get; }

    /// <summary>Rises by one with every member that becomes up; given by the leader.</summary>
    internal int UpNumber { get; }

    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Whether this one has been up for longer. Two that are not up yet are told apart by their addresses.</summary>
    public bool IsOlderThan(Member other) =>
        UpNumber == other.UpNumber ? UniqueAddress.CompareTo(other.UniqueAddress) < 0 : UpNumber < other.UpNumber;

    /// <exception cref="InvalidOperationException">The status does not come after the member's own.</exception>
    public Member Copy(MemberStatus status)
    {
        if (status == Status)
            return this;
        // Leaving first, Exiting next: the steps in which others hand over are never jumped by anything but death.
        var allowed = status > Status && (status != MemberStatus.Exiting || Status == MemberStatus.Leaving);
        return allowed
            ? new Member(UniqueAddress, status, Roles, UpNumber)
            : throw new InvalidOperationException($"Invalid member status transition [{this} -> {status}]");
    }

    /// <inheritdoc cref="Copy"/>
    public Member CopyUp(int upNumber) => new Member(UniqueAddress, Status, Roles, upNumber).Copy(MemberStatus.Up);

    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    public override int GetHashCode() => UniqueAddress.GetHashCode();

    public override string ToString() => $"Member(address = {UniqueAddress}, status = {Status}, roles = [{string.Join(',', Roles.Order())}])";

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    /// <summary>What two nodes that know different things of one member make of it: the later status, and the earlier number.</summary>
    internal static Member Merge(Member left, Member right)
    {
        var status = left.Status > right.Status ? left.Status : right.Status;
        var upNumber = Math.Min(left.UpNumber, right.UpNumber);
        if (left.Status == status && left.UpNumber == upNumber)
            return left;
        return right.Status == status && right.UpNumber == upNumber ? right : new Member(left.UniqueAddress, status, left.Roles, upNumber);
    }
}
