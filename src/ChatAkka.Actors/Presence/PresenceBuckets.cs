using Akka.Cluster;
using Akka.DistributedData;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Presence;

/// <summary>
/// How presence is shared by the nodes: sets of <c>user@node</c>, a user in the set that a hash of their id chooses, so that a change moves a
/// small part of all. A node adds and removes only what ends with its own name, except that what a dead node has left is removed for it.
/// </summary>
internal static class PresenceBuckets
{
    /// <summary>The nodes must agree.</summary>
    public const int Count = 64;

    /// <summary>The keys of the sets.</summary>
    public static readonly IReadOnlyList<ORSetKey<string>> Keys =
        [.. Enumerable.Range(0, Count).Select(bucket => new ORSetKey<string>($"presence-{bucket:00}"))];

    public static int Of(UserId user)
    {
        // FNV-1a: the hash codes of strings differ from process to process.
        var hash = 2166136261u;
        foreach (var c in user.Value)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)((hash ^ (hash >> 16)) % Count);
    }

    /// <summary>The bucket of a key; -1 if it is none's.</summary>
    public static int Of(IKey key)
    {
        for (var bucket = 0; bucket < Count; bucket++)
        {
            if (Keys[bucket].Id == key.Id)
            {
                return bucket;
            }
        }

        return -1;
    }

    /// <summary>A node's name in the sets: short, and another one for every incarnation.</summary>
    public static string NameOf(UniqueAddress node) => NameOf(node.Uid);

    /// <inheritdoc cref="NameOf(UniqueAddress)"/>
    public static string NameOf(int uid) => uid.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    public static string Entry(UserId user, string node) => $"{user.Value}@{node}";
}
