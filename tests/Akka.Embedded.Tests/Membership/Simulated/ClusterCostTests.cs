using Xunit.Abstractions;

namespace Akka.Embedded.Tests.Membership.Simulated;

/// <summary>What a cluster in which nothing happens costs, and how soon it is one. The bounds are a quarter above what was measured.</summary>
public sealed class ClusterCostTests(ITestOutputHelper output)
{
    private static readonly string[] Hosts = [.. "abcdefghij".Select(static c => $"node-{c}.chat.internal")];

    [Theory]
    [InlineData(3, 700)]
    [InlineData(10, 2300)]
    public void Idle_nodes_send_few_bytes(int size, int mostBytesPerSecondOfNode)
    {
        const int seconds = 60;
        var cluster = new SimulatedMembers(1);
        cluster.Form(Hosts[..size]);
        cluster.Advance(10);
        var (bytes, frames) = (cluster.Net.Network.Bytes, cluster.Net.Network.Frames);

        cluster.Advance(seconds);

        var bytesPerSecond = (cluster.Net.Network.Bytes - bytes) / (double)seconds;
        var framesPerSecond = (cluster.Net.Network.Frames - frames) / (double)seconds;
        output.WriteLine($"{size} nodes: {bytesPerSecond:0} bytes/s and {framesPerSecond:0} frames/s in all, {bytesPerSecond / size:0} bytes/s a node");
        (bytesPerSecond / size).ShouldBeLessThan(mostBytesPerSecondOfNode);
    }

    [Fact]
    public void Ten_nodes_are_soon_a_cluster()
    {
        List<double> seconds = [];
        for (var seed = 1; seed <= 10; seed++)
        {
            var cluster = new SimulatedMembers(seed);
            foreach (var host in Hosts)
                cluster.Start(host, Hosts);
            cluster.Await(10);
            seconds.Add(cluster.Now.TotalSeconds);
        }

        output.WriteLine($"10 nodes that start together are up everywhere after {seconds.Min():0.0} to {seconds.Max():0.0} s");
        seconds.Max().ShouldBeLessThan(2);
    }

    [Fact]
    public void Dead_node_is_soon_removed()
    {
        List<double> seconds = [];
        for (var seed = 1; seed <= 10; seed++)
        {
            var cluster = new SimulatedMembers(seed);
            cluster.Form(Hosts[..5]);
            cluster.Advance(30);
            var since = cluster.Now;
            cluster.Nodes[Hosts[3]].Node.Kill();
            cluster.Await(4);
            seconds.Add((cluster.Now - since).TotalSeconds);
        }

        output.WriteLine($"A dead one of 5 nodes is removed after {seconds.Min():0.0} to {seconds.Max():0.0} s");
        seconds.Max().ShouldBeLessThan(8);
    }
}
