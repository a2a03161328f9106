namespace Akka.Cluster;

/// <summary>
/// Where a member is in its life, which only goes forward: Joining, Up, Leaving, Exiting, Down, Removed, with any of the steps between left
/// out. The numbers are on the wire.
/// </summary>
/// <remarks>There is no <c>WeaklyUp</c>: a node that joins while others are unreachable waits until those are back or downed.</remarks>
public enum MemberStatus
{
    /// <summary>Known to the cluster, and not part of it yet.</summary>
    Joining = 0,

    Up = 1,

    /// <summary>Asked to go. It still does its work.</summary>
    Leaving = 2,

    /// <summary>All know that it goes. It hands over and shuts down.</summary>
    Exiting = 3,

    /// <summary>Declared dead. It shuts down when it learns of that.</summary>
    Down = 4,

    /// <summary>No member any more; this incarnation can't become one again.</summary>
    Removed = 5,
}
