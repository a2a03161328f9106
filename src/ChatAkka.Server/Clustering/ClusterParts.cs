using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Discovery;
using ChatAkka.Domain.Discovery;
using ChatAkka.Gateway;
using ChatAkka.Server.Hosting;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Server.Clustering;

/// <summary>What a node has besides that is one of several.</summary>
internal static class ClusterParts
{
    public static void Add(IServiceCollection services, GatewayOptions gateway, NodeLease lease, int shards)
    {
        services
            .AddSingleton<NodeUrl>()
            .AddSingleton(provider =>
            {
                var url = provider.GetRequiredService<NodeUrl>();
                var load = provider.GetRequiredService<IGatewayLoad>();
                return new NodeDirectory(lease.Holder, shards, () => url.Value is { } known
                    ? new NodeInfo(lease.Holder, gateway.Node, known, gateway.Region, load.Sockets, IsDraining: false)
                    : null);
            })
            .AddSingleton<INodeDirectory>(provider => provider.GetRequiredService<NodeDirectory>());
    }

    /// <summary>What nodes must have in common, by name: those that differ in it would be two messengers that believe to be one.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> SameOnAllAsync(ChatStore store, ChatOptions chat) => new Dictionary<string, string>
    {
        ["store"] = await store.GetIdentityAsync(CancellationToken.None),
        [$"{ChatOptions.Section}:{nameof(ChatOptions.Shards)}"] = chat.Shards.ToString(CultureInfo.InvariantCulture),
    };

    /// <param name="sameOnAll">What a node that is to be let in must have in common with the cluster, by name.</param>
    /// <param name="departed">Is told of every node that has gone: the holder of its lease.</param>
    public static AkkaConfigurationBuilder WithChatCluster(
        this AkkaConfigurationBuilder builder,
        ClusterOptions options,
        IReadOnlyDictionary<string, string> sameOnAll,
        IServiceProvider services,
        TimeSpan onlineFor,
        Action<string> departed) => builder
        .WithClusterTransport(options, sameOnAll)
        .WithActors((system, _) =>
        {
            system.ActorOf(NodeRegistry.Props(services.GetRequiredService<NodeDirectory>()), "nodes");
            system.ActorOf(DepartedNodes.Props(onlineFor, departed), "departed-nodes");
        })
        .AddStartup((system, _) => Join(system, options));

    /// <summary>Waits until the cluster has taken this node in; for ever, unless the node stops.</summary>
    /// <returns>False if it stops.</returns>
    public static async Task<bool> JoinedAsync(ActorSystem system, CancellationToken stopping)
    {
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Get(system).RegisterOnMemberUp(() => joined.TrySetResult());
        try
        {
            await joined.Task.WaitAsync(stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false; // also because the cluster doesn't want it
        }
    }

    /// <summary>The cluster has taken this node in.</summary>
    public static bool IsMember(ActorSystem system) => Cluster.Get(system).SelfMember.Status == MemberStatus.Up;

    private static void Join(ActorSystem system, ClusterOptions options)
    {
        var cluster = Cluster.Get(system);
        if (options.SeedTexts.Length == 0)
        {
            cluster.Join(cluster.SelfAddress);
            return;
        }

        cluster.JoinSeedNodes(options.SeedTexts.Select(seed =>
        {
            ClusterOptions.TryParseSeed(seed, out var host, out var port);
            return cluster.SelfAddress.WithHost(host).WithPort(port);
        }));
    }
}
