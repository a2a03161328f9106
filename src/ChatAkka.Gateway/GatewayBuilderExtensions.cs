using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Http;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Gateway.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway;

/// <summary>How the composition root puts the gateway in place.</summary>
public static class GatewayBuilderExtensions
{
    /// <summary>
    /// Adds the gateway's services. The root adds the rest: <c>ActorSystem</c> and <c>IRequiredActor</c> of both regions (Akka.Hosting),
    /// <c>IAccountStore</c>, <c>ITimelineReader</c>, <c>SnowflakeGenerator</c>, <c>TimeProvider</c>, <see cref="IReadiness"/>.
    /// </summary>
    /// <remarks>When the host stops, all sockets are closed with 1001 before any other part stops.</remarks>
    public static IServiceCollection AddChatGateway(this IServiceCollection services, GatewayOptions gateway, LimitsOptions limits, AuthOptions auth)
    {

        // Whoever flushes sends, and whoever received parses: no hand-over between threads for a few microseconds of work. Unsafe only
        // for code that blocks; nothing here does.
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        services.AddSingleton(gateway);
        services.AddSingleton(limits);
        services.AddSingleton(auth);
        services.AddSingleton<ExternalIdentities>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<IAuthenticator>(provider => provider.GetRequiredService<Authenticator>());
        services.AddSingleton<Passwords>();
        services.AddSingleton<AccountSockets>();
        services.AddSingleton(provider => FileBudget.OfProcess(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HistoryReader>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<ConnectionSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionSweeper>());

        // Asked before Kestrel's own, which was added earlier.
        services.AddSingleton<IConnectionListenerFactory, BoundedListenerFactory>();
        services.AddSingleton(provider => new Lazy<ConnectionServices>(() => CreateServices(provider)));
        services.AddSingleton<WebSocketAcceptor>();
        services.AddSingleton<Regions>();
        services.AddSingleton<ChannelListReader>();
        services.AddSingleton<UserCalls>();
        services.AddSingleton<SessionCalls>();
        services.AddSingleton<ServerCalls>();
        services.AddSingleton<ChannelCalls>();
        services.AddSingleton<MessageCalls>();
        services.AddSingleton<HealthCalls>();
        services.AddSingleton<Api>();
        return services;
    }

    /// <summary>
    /// Serves the WebSocket on every endpoint of this server, those of <c>--urls</c> included, and sets the limits of HTTP: a body of 64 KiB, a head
    /// within 10 s.
    /// </summary>
    public static void UseChatGateway(this KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = Protocol.ProtocolLimits.MaxBodyBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.ConfigureEndpointDefaults(listen => listen.UseChatWebSockets());
    }

    /// <summary>Serves the WebSocket on one endpoint, before HTTP. Behind TLS it must come after <c>UseHttps</c>.</summary>
    public static ListenOptions UseChatWebSockets(this ListenOptions listen)
    {
        var services = listen.ApplicationServices;
        var files = services.GetRequiredService<FileBudget>();

        // With the first connection: the actor system isn't there yet. A failure is not kept.
        var middleware = new Lazy<WebSocketMiddleware>(
            () => new WebSocketMiddleware(
                services.GetRequiredService<WebSocketAcceptor>(), services.GetRequiredService<ConnectionRegistry>(), files,
                services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<WebSocketMiddleware>()),
            LazyThreadSafetyMode.PublicationOnly);
        listen.Use(next => context => middleware.Value.OnConnectionAsync(context, next));
        return listen;
    }

    /// <summary>Serves the HTTP API and answers everything else with the protocol's errors.</summary>
    public static void MapChatApi(this WebApplication app) => app.Services.GetRequiredService<Api>().Map(app);

    private static ConnectionServices CreateServices(IServiceProvider provider) => new(
        provider.GetRequiredService<IRequiredActor<ChannelRegion>>().ActorRef,
        provider.GetRequiredService<IRequiredActor<UserRegion>>().ActorRef,
        provider.GetRequiredService<IAuthenticator>(),
        provider.GetRequiredService<HistoryReader>(),
        provider.GetRequiredService<AccountSockets>(),
        provider.GetRequiredService<LimitsOptions>(),
        provider.GetRequiredService<GatewayOptions>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILoggerFactory>().CreateLogger<Connection>());
}
