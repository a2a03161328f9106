namespace Akka.Embedded.Tests.Internals.Sharding.Simulated;

/// <summary>One misfortune, drawn at random, and time to get over it or not.</summary>
internal sealed class Trouble(ShardedCluster cluster)
{
    public void Happen()
    {
        switch (cluster.Nodes.Count < 3 ? 2 : cluster.Random.Next(6))
        {
            case 0 when cluster.Nodes.Count > 3:
                cluster.Kill(Any());
                break;
            case 1 when cluster.Nodes.Count > 3:
                cluster.Leave(Any(), limit: 120);
                break;
            case 2 when cluster.Nodes.Count < 5:
                var free = "abcdefgh".First(host => cluster.Nodes.TrueForAll(node => node.Host != $"{host}"));
                cluster.StartNode($"{free}").Begin(repeats: true);
                break;
            case 3:
                Isolate(Any());
                break;
            case 4:
                var paused = Any();
                paused.Member.Node.Pause();
                cluster.Advance(cluster.Random.NextDouble() * 3);
                paused.Member.Node.Resume();
                break;
            default:
                var (one, other) = (Any(), Any());
                cluster.Cluster.Network.Break(one.Host, other.Host);
                break;
        }

        cluster.Advance(cluster.Random.NextDouble() * 15);
        foreach (var node in cluster.Nodes.Where(static node => node.Member.System.WhenTerminated.IsCompleted).ToList())
            cluster.Kill(node);
    }

    private ShardedNode Any() => cluster.Nodes[cluster.Random.Next(cluster.Nodes.Count)];

    /// <summary>Nothing gets to the node or from it for a while, which may or may not be long enough for it to be declared dead.</summary>
    private void Isolate(ShardedNode node)
    {
        var others = cluster.Nodes.Where(other => other != node).Select(static other => other.Host).ToList();
        cluster.Cluster.Network.Partition([node.Host], others);
        cluster.Advance(cluster.Random.NextDouble() * 20);
        cluster.Cluster.Network.Heal();
    }
}
