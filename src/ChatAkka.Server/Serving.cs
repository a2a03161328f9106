using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Gateway;
using ChatAkka.Protocol;
using ChatAkka.Server.Clustering;
using ChatAkka.Server.Hosting;
using ChatAkka.Server.Recovery;
using ChatAkka.Storage;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Server;

/// <summary>What the program does without a verb: it serves until it is told to stop.</summary>
internal static class Serving
{
    public static async Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        LateAssemblies.Load();
        var builder = Configuration.CreateBuilder(arguments);
        var (settings, errors) = Configuration.Load(builder.Configuration);
        if (settings is null)
        {
            return Refusal.Of(errors);
        }

        ChatStore store;
        try
        {
            store = settings.Cluster.Enabled
                ? await ChatStore.OpenSharedAsync(settings.Storage, time, CancellationToken.None)
                : await ChatStore.OpenAsync(settings.Storage, time, CancellationToken.None);
        }
        catch (StorageOpenException e)
        {
            return Refusal.Of(e.Message);
        }

        await using (store)
        {
            if (await store.HasUnfinishedImportAsync(CancellationToken.None))
            {
                return Refusal.Of($"The store in {store.Location} holds an import that didn't finish: empty it, then import again.");
            }

            var lease = await store.Leases.AcquireAsync(Guid.NewGuid().ToString("N"), CancellationToken.None);
            var onlineFor = TimeSpan.FromMilliseconds(ProtocolLimits.TimeoutMs);
            TimeSpan? reviewAfter = settings.Push.IsEnabled ? onlineFor : null;
            await NodeRecovery.AtStartAsync(store, lease, isAlone: !settings.Cluster.Enabled, settings.Storage, reviewAfter, time);
            var stores = new ChatStores(
                new TimelineReader(store.Timelines), store.Accounts, store.Contacts, store.Cursors, store.Receipts,
                store.PresenceOf(lease));
            if (settings.Push.IsEnabled)
            {
                stores = stores with { Pushes = new AnnouncedOutbox(store.Outbox) };
            }

            // What a node had committed and not delivered when it died, sockets of other nodes are waiting for.
            if (settings.Push.IsEnabled || settings.Cluster.Enabled)
            {
                stores = stores with { Deliveries = new DeliveryLog(store.TrackDelivery()) };
            }

            var sameOnAll = settings.Cluster.Enabled ? await ClusterParts.SameOnAllAsync(store, settings.Chat) : null;
            var services = builder.Services;
            services
                .AddSingleton(time)
                .AddSingleton(store)
                .AddSingleton(settings.Storage)
                .AddSingleton(lease)
                .AddSingleton(store.Leases)
                .AddSingleton(new SnowflakeGenerator(lease.Node, time) { ValidUntil = lease.ExpiresAt })
                .AddSingleton(stores.Accounts)
                .AddSingleton(stores.Contacts)
                .AddSingleton(stores.Timelines)
                .AddSingleton(stores.Receipts)
                .AddSingleton<IReadiness>(provider => new Readiness(
                    provider.GetRequiredService<IHostApplicationLifetime>(),
                    () => store.Health,
                    () => !settings.Cluster.Enabled || ClusterParts.IsMember(provider.GetRequiredService<ActorSystem>())))
                .AddHostedService<NodeLeaseKeeper>()
                .AddSingleton(provider => new NodeRecovery(
                    lease,
                    store.Leases,
                    store.Records,
                    settings.Storage,
                    reviewAfter,
                    provider.GetServices<DeliveryRecovery>(),
                    time,
                    provider.GetRequiredService<ILogger<NodeRecovery>>()))
                .AddSingleton<INodeRecovery>(provider => provider.GetRequiredService<NodeRecovery>())
                .AddHostedService(provider => provider.GetRequiredService<NodeRecovery>())
                .AddAkka("chatakka", (akka, provider) =>
                {
                    akka.AddStartup((system, _) => system.RegisterExtension(new ChatStoreProvider(store)))
                        .WithChatStore()
                        .WithChatActors(settings.Chat, time, stores, onlineFor, settings.Cluster.Enabled);
                    if (sameOnAll is not null)
                    {
                        akka.WithChatCluster(
                            settings.Cluster,
                            sameOnAll,
                            provider,
                            onlineFor,
                            holder => provider.GetRequiredService<INodeRecovery>().Died(holder));
                    }
                    else
                    {
                        akka.WithoutOthers();
                    }
                })
                .AddChatGateway(settings.Gateway, settings.Limits, settings.Auth);
            if (settings.Cluster.Enabled)
            {
                ClusterParts.Add(services, settings.Gateway, lease, settings.Chat.Shards);
            }

            if (stores.Deliveries is { } deliveries)
            {
                services
                    .AddSingleton(deliveries)
                    .AddSingleton<DeliveryRecovery>()
                    .AddHostedService(provider => provider.GetRequiredService<DeliveryRecovery>());
            }

            if (settings.Push.IsEnabled)
            {
                PushParts.Add(services, settings.Push, stores, store, lease);
            }

            builder.WebHost.ConfigureKestrel(kestrel => kestrel.UseChatGateway());

            // What the host says of a failed start, with its stack, is said below in one sentence or thrown.
            var hasStarted = false;
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted && level >= LogLevel.Information);

            await using var app = builder.Build();
            app.MapChatApi();
            try
            {
                await app.StartAsync();
                hasStarted = true;
            }
            catch (IOException e)
            {
                // An address of Urls is taken, or isn't this machine's.
                await app.StopAsync();
                return Refusal.Of(e.Message);
            }

            var system = app.Services.GetRequiredService<ActorSystem>();
            if (settings.Cluster.Enabled && !await ClusterParts.JoinedAsync(system, app.Lifetime.ApplicationStopping))
            {
                await app.WaitForShutdownAsync();
                return Ended(system);
            }

            var since = time.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
            Console.WriteLine(
                $"ChatAkka is ready at {string.Join(" ", app.Urls)} after {since.TotalMilliseconds:0} ms; "
                + $"its data is in {store.Location}.");
            await app.WaitForShutdownAsync();
            return Ended(system);
        }
    }

    private static int Ended(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason switch
    {
        // Whoever watches the process should start it again.
        CoordinatedShutdown.ClusterDowningReason => 1,
        CoordinatedShutdown.ClusterJoinUnsuccessfulReason => Refusal.Of("The cluster doesn't accept this node, for the reason above."),
        _ => 0,
    };
}
