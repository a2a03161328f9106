using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// What a node knows of its cluster. Immutable.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>Every part only grows: a member's status goes forward, a removed incarnation leaves a tombstone, an observer's row has a higher
/// number. So any two gossips can be merged, in any order and any number of times, and all who know the same changes know the same.</item>
/// <item>Who changes anything but <see cref="Seen"/> counts that in <see cref="Version"/>: equal versions mean equal contents.</item>
/// <item><see cref="Reachability"/> and <see cref="Seen"/> name members only, <see cref="Version"/> members and those that have a tombstone:
/// without the changes of who was removed, two that know different ones of them would seem to know the same.</item>
/// <item>No member has a tombstone, and no tombstone is older than <see cref="ForgottenBefore"/>.</item>
/// </list>
/// </remarks>
internal sealed class Gossip : IEquatable<Gossip>
{
    public static readonly Gossip Empty = new(
        ImmutableSortedDictionary<UniqueAddress, Member>.Empty,
        Reachability.Empty,
        [],
        ImmutableSortedDictionary<UniqueAddress, long>.Empty,
        0,
        VectorClock.Empty);

    private ulong? _seenDigest;

    public Gossip(
        ImmutableSortedDictionary<UniqueAddress, Member> members,
        Reachability reachability,
        ImmutableSortedSet<UniqueAddress> seen,
        ImmutableSortedDictionary<UniqueAddress, long> tombstones,
        long forgottenBefore,
        VectorClock version)
    {
        // A member equals itself in another state: as a value it must not, or no state would ever change.
        Members = members.WithComparers(members.KeyComparer, ReferenceEqualityComparer.Instance);
        Reachability = reachability;
        Seen = seen;
        Tombstones = tombstones;
        ForgottenBefore = forgottenBefore;
        Version = version;
    }

    /// <summary>Sorted by address.</summary>
    public ImmutableSortedDictionary<UniqueAddress, Member> Members { get; }

    public Reachability Reachability { get; }

    /// <summary>Who is known to know this version.</summary>
    public ImmutableSortedSet<UniqueAddress> Seen { get; }

    /// <summary>When each incarnation was removed, in milliseconds since the Unix epoch.</summary>
    public ImmutableSortedDictionary<UniqueAddress, long> Tombstones { get; }

    /// <summary>Who was removed before this time is forgotten.</summary>
    public long ForgottenBefore { get; }

    public VectorClock Version { get; }

    /// <summary>Equal sets <see cref="Seen"/> have equal digests.</summary>
    public ulong SeenDigest => _seenDigest ??= DigestOf(Seen);

    public bool IsMember(UniqueAddress node) => Members.ContainsKey(node);

    public bool IsRemoved(UniqueAddress node) => Tombstones.ContainsKey(node);

    /// <summary>The incarnation at an address that is a member; one that is not down if there are two.</summary>
    public Member? MemberAt(Address address) => Members.Values
        .Where(member => member.Address == address)
        .MinBy(static member => member.Status);

    /// <summary>The same, known to this node too.</summary>
    public Gossip WithSeen(UniqueAddress node) =>
        Seen.Contains(node) ? this : new Gossip(Members, Reachability, Seen.Add(node), Tombstones, ForgottenBefore, Version);

    /// <summary>The same, known to all who are known here or there to know it. Both have the same version.</summary>
    public Gossip MergeSeen(Gossip other)
    {
        var seen = Seen.Union(other.Seen);
        return seen.Count == Seen.Count ? this : new Gossip(Members, Reachability, seen, Tombstones, ForgottenBefore, Version);
    }

    public Gossip WithMember(Member member) => With(Members.SetItem(member.UniqueAddress, member), Reachability);

    public Gossip WithReachability(Reachability reachability) => With(Members, reachability);

    /// <summary>Without members that can never come back.</summary>
    public Gossip Remove(IReadOnlyCollection<UniqueAddress> nodes, DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        var tombstones = Tombstones.SetItems(nodes.Select(node => KeyValuePair.Create(node, time)));
        return new Gossip(Members.RemoveRange(nodes), Reachability, Seen.Except(nodes), tombstones, ForgottenBefore, Version).Consistent();
    }

    /// <summary>Without what was removed so long ago that nobody has it in old gossip any more.</summary>
    public Gossip Forget(DateTimeOffset removedBefore)
    {
        var limit = removedBefore.ToUnixTimeMilliseconds();
        return Tombstones.Values.Any(time => time < limit) ? Forgetting(limit) : this;
    }

    /// <summary>A changed gossip, as the next version of the node that has changed it.</summary>
    /// <param name="changedBy">The node.</param>
    /// <param name="isSeen">False when the others are not to believe yet that it knows.</param>
    public Gossip NextVersion(UniqueAddress changedBy, bool isSeen = true) =>
        new(Members, Reachability, isSeen ? [changedBy] : [], Tombstones, ForgottenBefore, Version.Increment(changedBy));

    /// <summary>How this one relates to another one.</summary>
    public VersionOrder CompareTo(Gossip other)
    {
        // What one of them has forgotten doesn't count for the other one either.
        var limit = Math.Max(ForgottenBefore, other.ForgottenBefore);
        return Forgetting(limit).Version.CompareTo(other.Forgetting(limit).Version);
    }

    /// <summary>What both know. Nobody has seen that yet.</summary>
    public Gossip Merge(Gossip other)
    {
        var tombstones = Tombstones.ToBuilder();
        foreach (var (node, time) in other.Tombstones)
            tombstones[node] = tombstones.TryGetValue(node, out var known) ? Math.Max(known, time) : time;
        var members = Members.ToBuilder();
        foreach (var (node, member) in other.Members)
            members[node] = members.TryGetValue(node, out var known) ? Member.Merge(known, member) : member;
        members.RemoveRange(tombstones.Keys);
        return new Gossip(
            members.ToImmutable(),
            Reachability.Merge(other.Reachability),
            [],
            tombstones.ToImmutable(),
            Math.Max(ForgottenBefore, other.ForgottenBefore),
            Version.Merge(other.Version)).Consistent();
    }

    public bool Equals(Gossip? other) =>
        other is not null
        && Version.Equals(other.Version)
        && Reachability.Equals(other.Reachability)
        && Seen.SetEquals(other.Seen)
        && ForgottenBefore == other.ForgottenBefore
        && Tombstones.SequenceEqual(other.Tombstones)
        && Members.Count == other.Members.Count
        && Members.Values.Zip(other.Members.Values).All(static pair => IsSame(pair.First, pair.Second));

    public override bool Equals(object? obj) => Equals(obj as Gossip);

    public override int GetHashCode() => Version.GetHashCode();

    public override string ToString() =>
        $"Gossip(members = [{string.Join(", ", Members.Values)}], {Reachability}, seen = [{string.Join(", ", Seen)}], {Version})";

    private Gossip With(ImmutableSortedDictionary<UniqueAddress, Member> members, Reachability reachability) =>
        new(members, reachability, Seen, Tombstones, ForgottenBefore, Version);

    private Gossip Forgetting(long limit) => limit <= ForgottenBefore
        ? this
        : new Gossip(Members, Reachability, Seen, Tombstones, limit, Version).Consistent();

    private Gossip Consistent()
    {
        var old = Tombstones.Where(tombstone => tombstone.Value < ForgottenBefore).Select(static tombstone => tombstone.Key).ToList();
        var tombstones = Tombstones.RemoveRange(old);
        var version = Version.Prune(node => !IsMember(node) && !tombstones.ContainsKey(node));
        return new Gossip(Members, Reachability.Restrict(IsMember), Seen, tombstones, ForgottenBefore, version);
    }

    private static bool IsSame(Member left, Member right) =>
        left.Equals(right) && left.Status == right.Status && left.UpNumber == right.UpNumber && left.Roles.SetEquals(right.Roles);

    private static ulong DigestOf(ImmutableSortedSet<UniqueAddress> nodes)
    {
        var digest = new StableDigest();
        foreach (var node in nodes)
            digest.Add(node);
        return digest.Value;
    }
}
