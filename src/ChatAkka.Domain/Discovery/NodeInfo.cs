using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Discovery;

/// <summary>A node of the cluster as the others know it.</summary>
/// <param name="Holder">Under which name it holds its lease in the store; no other run of any node has it.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Url">Where clients open their WebSockets.</param>
/// <param name="Region">Where it is.</param>
/// <param name="Sockets">Its load: the sockets that it has open.</param>
/// <param name="IsDraining">It is about to stop, and takes no new clients.</param>
public sealed record NodeInfo(string Holder, string Name, string Url, string Region, int Sockets, bool IsDraining);

/// <summary>The nodes that run now, as far as this one knows. Thread-safe, and never waits.</summary>
public interface INodeDirectory
{
    /// <summary>In no order; empty for a node that is no part of a cluster. This node is among them.</summary>
    IReadOnlyList<NodeInfo> Nodes { get; }

    /// <summary>The same without this node, whatever it is called.</summary>
    IReadOnlyList<NodeInfo> Others { get; }

    /// <summary>Where a user's actor lives, or soon will: what is said to a client there needs no way between nodes. A hint; null if it isn't
    /// known.</summary>
    NodeInfo? HomeOf(UserId user);

    /// <summary>This node is about to stop: the others send nobody here any more, from a moment later on.</summary>
    void BeginDraining();
}
