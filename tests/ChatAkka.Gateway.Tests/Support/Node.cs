using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Http;
using ChatAkka.Gateway.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>The whole gateway on a real Kestrel, with fakes behind it.</summary>
internal sealed class Node : IReadiness, IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("node");
    private readonly WebApplication _app;

    private Node(LimitsOptions limits, GatewayOptions gateway)
    {
        var registry = new ActorRegistry();
        registry.Register<ChannelRegion>(_system.ActorOf(Props.Create(() => new Responder(message => message is ForgetBlocks ? BlocksForgotten.Instance : Channel((ChannelCommand)message), Told))));
        registry.Register<UserRegion>(_system.ActorOf(Props.Create(() => new Responder(message => User((IUserMessage)message), Told))));
        registry.Register<PresenceBoard>(_system.ActorOf(Props.Create(() => new Responder(_ => null, Told))));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.UseChatGateway());
        builder.Services
            .AddSingleton(_system)
            .AddSingleton<IRequiredActor<ChannelRegion>>(new RequiredActor<ChannelRegion>(registry))
            .AddSingleton<IRequiredActor<UserRegion>>(new RequiredActor<UserRegion>(registry))
            .AddSingleton<IRequiredActor<PresenceBoard>>(new RequiredActor<PresenceBoard>(registry))
            .AddSingleton<IAccountStore>(Accounts)
            .AddSingleton<IContactStore>(Contacts)
            .AddSingleton<IContactObserver>(new Observer(this))
            .AddSingleton<IContactObserver>(new Observer(this))
            .AddSingleton<ITimelineReader>(Timeline)
            .AddSingleton<IReceiptStore>(Receipts)
            .AddSingleton(new SnowflakeGenerator(1, TimeProvider.System))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IReadiness>(this)
            .AddChatGateway(gateway with { DrainSeconds = 1 }, limits, new AuthOptions());
        _app = builder.Build();
        _app.MapChatApi();
    }

    public FakeAccounts Accounts { get; } = new();

    public FakeContacts Contacts { get; } = new();

    /// <summary>What the two observers of contacts were told.</summary>
    public ConcurrentQueue<(UserId, UserId)> ContactChanges { get; } = new();

    /// <summary>What an observer of contacts does.</summary>
    public Func<Task> ContactObserver { get; set; } = static () => Task.CompletedTask;

    public FakeTimeline Timeline { get; } = new();

    public FakeReceipts Receipts { get; } = new();

    public ConcurrentQueue<object> Told { get; } = new();

    public Func<ChannelCommand, object?> Channel { get; set; } = static _ => null;

    public Func<IUserMessage, object?> User { get; set; } = static message => message switch
    {
        RegisterDevice => DeviceRegistered.Instance,
        AttachSession attach => new object[] { new SessionAttached(attach.Attempt), SyncCompleted.Instance },
        _ => null,
    };

    public string? NotReadyReason { get; set; }

    /// <summary>Method and path of everything that is mapped.</summary>
    public IEnumerable<string> Routes =>
        ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Node> StartAsync(LimitsOptions? limits = null, GatewayOptions? gateway = null)
    {
        var node = new Node(limits ?? new LimitsOptions(), gateway ?? new GatewayOptions());
        await node._app.StartAsync();
        return node;
    }

    /// <summary>Sends one request; the token may be null.</summary>
    public async Task<(HttpStatusCode Status, string? Type, string Body)> SendAsync(string method, string path, string? body = null, string? token = null, string type = "application/json")
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new(type);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Signs up and logs in.</summary>
    public async Task<(string Token, UserId User, DeviceId Device)> LogInAsync(string username)
    {
        await SendAsync("POST", "/v1/users", $$"""{"username":"{{username}}","password":"long enough"}""");
        var answer = await SendAsync("POST", "/v1/sessions", $$"""{"device":{"name":"phone","platform":"test"},"username":"{{username}}","password":"long enough"}""");
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        var json = System.Text.Json.JsonDocument.Parse(answer.Body).RootElement;
        return (json.GetProperty("token").GetString()!, new UserId(json.GetProperty("user_id").GetString()!), new DeviceId(json.GetProperty("device_id").GetString()!));
    }

    /// <summary>A raw connection.</summary>
    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _system.Terminate();
    }

    /// <summary>One of the gateway's own.</summary>
    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Task StopAsync() => _app.StopAsync();

    private sealed class Observer(Node node) : IContactObserver
    {
        public Task ChangedAsync(UserId a, UserId b)
        {
            node.ContactChanges.Enqueue((a, b));
            return node.ContactObserver();
        }
    }
}
