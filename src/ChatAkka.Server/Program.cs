using System.Diagnostics;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway;
using ChatAkka.Protocol;
using ChatAkka.Server;
using ChatAkka.Server.Hosting;
using ChatAkka.Storage;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Contacts;
using ChatAkka.Storage.Cursors;
using ChatAkka.Storage.Journals.Sqlite;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Presence;
using ChatAkka.Storage.Push;
using ChatAkka.Storage.Sqlite;

LateAssemblies.Load();

// Settings are read once; watching their files would only cost some.
var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
if (Configuration.AddFile(builder.Configuration) is { } unreadable)
{
    return Refuse([unreadable]);
}

var (settings, errors, warnings) = Configuration.Read(builder.Configuration);
if (errors.Count > 0)
{
    return Refuse(errors);
}

foreach (var warning in warnings)
{
    Console.Error.WriteLine(warning);
}

#pragma warning disable RS0030 // The one place that chooses the clock.
var time = TimeProvider.System;
#pragma warning restore RS0030
SqliteStore store;
try
{
    store = SqliteStore.Open(settings.Storage, time);
}
catch (StorageOpenException e)
{
    return Refuse([e.Message]);
}

await using (store)
{
    var leases = new SqliteNodeLeases(store, settings.Storage, time);
    var lease = await leases.AcquireAsync(Guid.NewGuid().ToString("N"), CancellationToken.None);
    var accounts = new SqliteAccountStore(store);
    var presence = new SqlitePresenceStore(store);
    var wereOnline = await presence.RecoverAsync(CancellationToken.None);
    var contacts = new SqliteContactStore(store);
    var receipts = new SqliteReceiptStore(store);
    var onlineFor = TimeSpan.FromMilliseconds(ProtocolLimits.TimeoutMs);
    var timelines = new TimelineReader(new SqliteJournalReader(store));
    var stores = new ChatStores(timelines, accounts, contacts, new SqliteCursorStore(store), receipts, presence);
    if (settings.Push.IsEnabled)
    {
        stores = stores with
        {
            Pushes = new AnnouncedOutbox(new SqlitePushOutbox(store)),
            Deliveries = new DeliveryLog(new SqliteUndeliveredTable(store)),
        };
    }

    var services = builder.Services;
    services
        .AddSingleton(time)
        .AddSingleton(store)
        .AddSingleton(settings.Storage)
        .AddSingleton(lease)
        .AddSingleton<INodeLeases>(leases)
        .AddSingleton(new SnowflakeGenerator(lease.Node, time))
        .AddSingleton<IAccountStore>(accounts)
        .AddSingleton<IContactStore>(contacts)
        .AddSingleton<ITimelineReader>(timelines)
        .AddSingleton<IReceiptStore>(receipts)
        .AddSingleton<IReadiness>(provider => new Readiness(provider.GetRequiredService<IHostApplicationLifetime>(), () => store.Health))
        .AddHostedService<NodeLeaseKeeper>()
        .AddAkka("chatakka", akka => akka
            .AddStartup((system, _) => system.RegisterExtension(new SqliteStorageProvider(store)))
            .WithEmbeddedStore()
            .WithChatActors(settings.Chat, time, stores, onlineFor))
        .AddChatGateway(settings.Gateway, settings.Limits, settings.Auth);
    if (settings.Push.IsEnabled)
    {
        PushParts.Add(services, settings.Push, stores, wereOnline, onlineFor);
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
        return Refuse([e.Message]);
    }

    var since = time.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
    var data = Path.GetFullPath(settings.Storage.DataDirectory);
    Console.WriteLine($"ChatAkka is ready at {string.Join(" ", app.Urls)} after {since.TotalMilliseconds:0} ms; its data is in {data}.");
    await app.WaitForShutdownAsync();
}

return 0;

static int Refuse(IEnumerable<string> errors)
{
    foreach (var error in errors)
    {
        Console.Error.WriteLine(error);
    }

    return 2;
}
