namespace ChatAkka.Domain.Discovery;

/// <summary>
/// Which nodes a client is sent to. Those of its region come first, and within a region that where its user lives, unless it is much more
/// loaded than others, and then the less loaded ones. Between nodes of nearly the same load chance decides: the clients of a node that crashes all ask at once, and what they are told is seconds old.
/// </summary>
public static class NodeChoice
{
    /// <summary>Nodes whose loads differ by less than this part of them are near-equals.</summary>
    private const double NearEqual = 0.2;

    /// <summary>And those that differ by no more sockets than this.</summary>
    private const int FewSockets = 50;

    /// <summary>A node that has so much more than the least loaded one isn't taken because the user lives there.</summary>
    private const double MuchMore = 0.5;

    /// <summary>The nodes in the order in which a client should try them. A draining node isn't among them, unless there is no other.</summary>
    /// <param name="region">The client's; null if it didn't say.</param>
    /// <param name="home">Where the user lives; null if that isn't known.</param>
    /// <param name="chance">Gives a number from 0 up to 1, another one each time.</param>
    public static IReadOnlyList<NodeInfo> BestFirst(
        IReadOnlyCollection<NodeInfo> nodes, string? region, NodeInfo? home, Func<double> chance)
    {
        NodeInfo[] open = [.. nodes.Any(node => !node.IsDraining) ? nodes.Where(node => !node.IsDraining) : nodes];
        var most = open.Select(node => node.Sockets).DefaultIfEmpty().Min() * (1 + MuchMore) + (2 * FewSockets);
        return
        [
            .. open
                .Select(node => (Node: node, Score: (node.Sockets * (1 + NearEqual * chance())) + (FewSockets * chance())))
                .OrderBy(scored => scored.Node.Region == region ? 0 : 1)
                .ThenBy(scored => scored.Node == home && scored.Node.Sockets <= most ? 0 : 1)
                .ThenBy(scored => scored.Score)
                .Select(scored => scored.Node),
        ];
    }
}
