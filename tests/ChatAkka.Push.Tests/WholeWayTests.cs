using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Push.Tests.Support;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatAkka.Push.Tests;

/// <summary>From the outbox in a file to a receiver behind a socket, put together as the composition root does.</summary>
public sealed class WholeWayTests : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"chatakka-push-{Guid.NewGuid():N}");
    private readonly Receiver _receiver = new();
    private readonly FakeFacts _facts = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Push_reaches_the_receiver_once_across_restarts_until_the_user_returns()
    {
        string first;
        await using (var node = await Node.StartAsync(this))
        {
            await node.AddAsync("9", 17);
            first = await DeliveryAsync();
        }

        await using (var node = await Node.StartAsync(this))
        {
            await node.AddAsync("9", 18);
            await node.AddAsync("10", 18);
            (await DeliveryAsync()).ShouldNotBe(first);
        }

        _receiver.HasMore.ShouldBeFalse("the user hasn't returned");
        await using (var node = await Node.StartAsync(this))
        {
            await node.Outbox.ClearAsync(new UserId("9"), CancellationToken.None);
            await node.AddAsync("9", 19);
            (await DeliveryAsync()).ShouldNotBe(first);
        }

        _receiver.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Push_that_failed_before_a_restart_is_repeated_after_it_under_the_same_id()
    {
        _receiver.Answer = _ => Receiver.Status("503 Sorry");
        string first;
        await using (var node = await Node.StartAsync(this))
        {
            await node.AddAsync("9", 17);
            first = await DeliveryAsync();
        }

        _receiver.Answer = _ => Receiver.Status("200 OK");
        await using (await Node.StartAsync(this))
        {
            (await DeliveryAsync()).ShouldBe(first);
        }
    }

    private async Task<string> DeliveryAsync() => (await _receiver.NextAsync()).Headers["chatakka-delivery"];

    /// <summary>A store and all that <see cref="PushBuilderExtensions.AddChatPush"/> adds.</summary>
    private sealed class Node(SqliteStore store, ServiceProvider services) : IAsyncDisposable
    {
        public AnnouncedOutbox Outbox { get; } = services.GetRequiredService<AnnouncedOutbox>();

        public static async Task<Node> StartAsync(WholeWayTests test)
        {
            var store = SqliteStore.Open(new StorageOptions { DataDirectory = test._directory }, TimeProvider.System);
            var webhook = new WebhookOptions { Url = test._receiver.Url, Secret = Convert.ToBase64String(new byte[32]) };
            var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(TimeProvider.System)
                .AddSingleton(new AnnouncedOutbox(store.Outbox))
                .AddSingleton(store.PushesOf(new NodeLease(0, "node", long.MaxValue)))
                .AddSingleton<IPushFacts>(test._facts)
                .AddChatPush(new PushOptions { Webhook = webhook, FirstRetryMs = 100 })
                .BuildServiceProvider();
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StartAsync(CancellationToken.None);
            }

            return new Node(store, services);
        }

        public Task AddAsync(string user, long message) => Outbox.AddAsync(
            [new PushRequest(new UserId(user), new ChannelId("7001"), message, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds())],
            CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StopAsync(CancellationToken.None).Within("a service to stop");
            }

            await services.DisposeAsync();
            await store.DisposeAsync();
        }
    }
}
