using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Embedded.Tests.Internals.Singleton;

/// <summary>A host that is a cluster of its own, on real threads.</summary>
public sealed class SingletonHostingTests
{
    [Fact]
    public async Task Host_runs_a_singleton_and_sharded_entities_and_ends_in_good_order()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddAkka("hosted", builder => builder
            .AddSetup(new ClusterSetup { Roles = ["worker"] })
            .WithSingleton<Echo>(
                "only", Props.Create(() => new Echo()), new ClusterSingletonOptions { Role = "worker", BufferSize = 5 })
            .WithSingleton<bool>("second", Props.Create(() => new Echo()), createProxyToo: false)
            .WithSingletonProxy<string>("second")
            .WithShardRegion<object>(
                "entity",
                _ => Props.Create(() => new Echo()),
                HashCodeMessageExtractor.Create(10, static _ => null),
                new ShardOptions { Role = "worker", StateStoreMode = StateStoreMode.DData })
            .WithShardRegionProxy<int>("other", "front", HashCodeMessageExtractor.Create(10, static _ => null))
            .AddStartup((system, _) =>
            {
                var cluster = Akka.Cluster.Cluster.Get(system);
                return cluster.JoinAsync(cluster.SelfAddress);
            }))).Build();
        await host.StartAsync();
        var registry = host.Services.GetRequiredService<ActorRegistry>();
        var limit = TimeSpan.FromSeconds(30);

        (await registry.Get<Echo>().Ask<string>("1", limit)).ShouldBe("1 at /user/only/only");
        (await registry.Get<string>().Ask<string>("2", limit)).ShouldBe("2 at /user/second/second");
        var entity = await registry.Get<object>().Ask<string>(new ShardingEnvelope("e", "3"), limit);
        entity.ShouldStartWith("3 at /system/sharding/entity/");
        registry.Get<int>().Path.Name.ShouldBe("otherProxy");
        await host.StopAsync();
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell($"{message} at {Self.Path.ToStringWithoutAddress()}");
    }
}
