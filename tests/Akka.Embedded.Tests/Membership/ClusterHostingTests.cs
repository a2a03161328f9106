using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Embedded.Tests.Membership;

public sealed class ClusterHostingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Hosts_form_a_cluster_over_tcp_and_leave_it()
    {
        using var first = await StartHost([]);
        var cluster = ClusterOf(first);
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Limit);
        using var second = await StartHost([$"{cluster.SelfAddress}"]);
        await ClusterOf(second).JoinSeedNodesAsync([cluster.SelfAddress]).WaitAsync(Limit);

        ClusterOf(second).State.Members.Count.ShouldBe(2);
        ClusterOf(second).SelfRoles.ShouldBe(["chat"]);
        await second.StopAsync().WaitAsync(Limit);
        ClusterOf(second).IsTerminated.ShouldBeTrue();
        cluster.State.Members.Select(static m => m.Status).ShouldNotContain(Akka.Cluster.MemberStatus.Down);
        await first.StopAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task Host_ends_when_its_node_is_downed()
    {
        using var host = await StartHost([]);
        var cluster = ClusterOf(host);
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Limit);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        cluster.Down(cluster.SelfAddress);

        await stopping.Task.WaitAsync(Limit);
        var system = host.Services.GetRequiredService<ActorSystem>();
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
        CoordinatedShutdown.Get(system).ShutdownReason.ShouldBe(CoordinatedShutdown.ClusterDowningReason.Instance);
        await host.StopAsync().WaitAsync(Limit);
    }

    private static Akka.Cluster.Cluster ClusterOf(IHost host) => Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>());

    private static async Task<IHost> StartHost(string[] seeds)
    {
        var host = new HostBuilder().ConfigureServices(services => services.AddAkka("hosted", builder => builder
            .WithRemoting("127.0.0.1", 0)
            .WithClustering(new ClusterOptions { Roles = ["chat"], SeedNodes = seeds }))).Build();
        await host.StartAsync();
        return host;
    }
}
