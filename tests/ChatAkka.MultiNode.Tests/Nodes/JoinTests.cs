using ChatAkka.MultiNode.Tests.Harness;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Nodes;

/// <summary>Who isn't like the others isn't let in: it would be another messenger that believes to be the same.</summary>
public sealed class JoinTests(PlainCluster cluster) : ClusterTest(cluster), IClassFixture<PlainCluster>
{
    [SkippableFact]
    public async Task Node_with_another_number_of_shards_is_refused_and_ends() =>
        await BeRefusedAsync("the node's Chat:Shards is '100', the cluster's is '256'", "--Chat:Shards", "100");

    [SkippableFact]
    public async Task Node_with_another_store_is_refused_and_ends()
    {
        var other = await PostgresServer.CreateDatabaseAsync();
        try
        {
            await BeRefusedAsync("the node's store is '", "--Storage:ConnectionString", other);
        }
        finally
        {
            await PostgresServer.DropAsync(other);
        }
    }

    private async Task BeRefusedAsync(string reason, params string[] options)
    {
        var stranger = Cluster.Add(options);
        Cluster.TakeAway(stranger);

        var failure = await Should.ThrowAsync<ServerFailedException>(stranger.StartAsync());

        failure.Message.ShouldContain("ended with code 2 before it was ready");
        stranger.Log.TakeTroubles().ShouldContain(line => line.Contains($"does not accept this node: {reason}"));
        await AllAreOfferedAsync();
    }
}
