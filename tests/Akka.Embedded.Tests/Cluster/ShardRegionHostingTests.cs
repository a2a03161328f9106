using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Hosting;
using Akka.Persistence.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Embedded.Tests.Cluster;

public sealed class ShardRegionHostingTests
{
    [Fact]
    public async Task Host_starts_a_region_of_persistent_entities_and_registers_it()
    {
        var ids = new List<string>();
        using var host = await StartHost(builder => builder
            .WithInMemoryJournal()
            .WithInMemorySnapshotStore()
            .WithShardRegion<CounterEntity>(
                "counter",
                id =>
                {
                    ids.Add(id);
                    return Props.Create(() => new CounterEntity(id));
                },
                new ToEntityExtractor(),
                new ShardOptions { PassivateIdleEntityAfter = TimeSpan.FromMinutes(5), HandOffStopMessage = "stop" }));
        var region = host.Services.GetRequiredService<IRequiredActor<CounterEntity>>().ActorRef;

        (await region.Ask<int>(new ToEntity("a", 1), TimeSpan.FromSeconds(5))).ShouldBe(1);
        (await region.Ask<int>(new ToEntity("a", 2), TimeSpan.FromSeconds(5))).ShouldBe(3);
        region.ShouldBe(ClusterSharding.Get(host.Services.GetRequiredService<ActorSystem>()).ShardRegion("counter"));
        ids.ShouldBe(["a"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Entity_factories_may_use_the_registry_and_the_resolver()
    {
        using var host = await StartHost(builder => builder
            .WithActors((system, registry) => registry.Register<EchoEntity>(system.ActorOf(Props.Create(() => new Idle()), "other")))
            .WithShardRegion<string>(
                "with-registry",
                (_, registry) => _ => Props.Create(() => new Teller(registry.Get<EchoEntity>())),
                new ToEntityExtractor(),
                new ShardOptions())
            .WithShardRegion<object>(
                "with-resolver",
                (_, registry, resolver) => _ => Props.Create(() => new Teller(registry.Get<EchoEntity>())),
                new ToEntityExtractor(),
                new ShardOptions { ShouldPassivateIdleEntities = false }));
        var registry = host.Services.GetRequiredService<IActorRegistry>();

        foreach (var region in new[] { registry.Get<string>(), registry.Get<object>() })
            (await region.Ask<string>(new ToEntity("a", "who"), TimeSpan.FromSeconds(5))).ShouldBe("other");
        await host.StopAsync();
    }

    [Fact]
    public async Task Journal_of_the_application_serves_the_actors_that_name_none()
    {
        var used = 0;
        using var host = await StartHost(builder => builder
            .WithJournal(_ =>
            {
                used++;
                return Props.Create<MemoryJournal>();
            })
            .WithJournal(_ => throw new InvalidOperationException("not the default"), "other", isDefaultPlugin: false)
            .WithMaxConcurrentRecoveries(1)
            .WithActors((system, registry) =>
                registry.Register<CounterEntity>(system.ActorOf(Props.Create(() => new CounterEntity("a"))))));

        (await host.Services.GetRequiredService<IActorRegistry>().Get<CounterEntity>().Ask<int>(1, TimeSpan.FromSeconds(5))).ShouldBe(1);

        used.ShouldBe(1);
        await host.StopAsync();
    }

    [Fact]
    public async Task Unknown_journal_fails_the_actor_that_names_it()
    {
        using var host = await StartHost(_ => { });
        var system = host.Services.GetRequiredService<ActorSystem>();

        Should.Throw<ArgumentException>(() => Akka.Persistence.Persistence.Instance.Apply(system).JournalFor("unknown"))
            .Message.ShouldContain("There is no journal 'unknown'");
        await host.StopAsync();
    }

    private static async Task<IHost> StartHost(Action<AkkaConfigurationBuilder> configure)
    {
        var host = new HostBuilder().ConfigureServices(services => services.AddAkka("hosted", configure)).Build();
        await host.StartAsync();
        return host;
    }

    private sealed class CounterEntity : ReceivePersistentActor
    {
        private int _count;

        public CounterEntity(string id)
        {
            PersistenceId = id;
            Recover<int>(n => _count += n);
            Command<int>(n => Persist(n, _ =>
            {
                _count += n;
                Sender.Tell(_count);
            }));
            Command<string>(_ => Context.Stop(Self));
        }

        public override string PersistenceId { get; }
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Teller(IActorRef subject) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(subject.Path.Name);
    }
}
