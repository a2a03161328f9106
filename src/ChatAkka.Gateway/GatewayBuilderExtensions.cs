using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Presence;
using ChatAkka.Domain.Discovery;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Discovery;
using ChatAkka.Gateway.Http;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Gateway.Transport;
using ChatAkka.Gateway.WebSockets;
using ChatAkka.Gateway.WebSockets.Handshake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway;

/// <summary>How the composition root puts the gateway in place.</summary>
public static class GatewayBuilderExtensions
{
    /// <summary>
    /// Adds the gateway's services. The root adds the rest: <c>ActorSystem</c> and <c>IRequiredActor</c> of both regions and of
    /// <see cref="PresenceBoard"/> (Akka.Hosting), <c>IAccountStore</c>, <c>IContactStore</c>, <c>ITimelineReader</c>,
    /// <c>IReceiptStore</c>, <c>SnowflakeGenerator</c>, <c>TimeProvider</c>, <see cref="IReadiness"/>; in a cluster an
    /// <see cref="INodeDirectory"/>; and any number of <see cref="IContactObserver"/>.
    /// </summary>
    /// <remarks>When the host stops, all sockets are closed with 1001 before any other part stops.</remarks>
    public static IServiceCollection AddChatGateway(
        this IServiceCollection services, GatewayOptions gateway, LimitsOptions limits, AuthOptions auth)
    {
        services.AddSingleton(gateway);
        services.AddSingleton(limits);
        services.AddSingleton(auth);
        services.AddSingleton<ExternalIdentities>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<IAuthenticator>(provider => provider.GetRequiredService<Authenticator>());
        services.AddSingleton<Passwords>();
        services.AddSingleton<AccountLimits>();
        services.AddSingleton<ClientAddresses>();
        services.AddSingleton<LogInLimiter>();
        services.AddSingleton(provider => FileBudget.OfProcess(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HistoryReader>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<IGatewayLoad>(provider => provider.GetRequiredService<ConnectionRegistry>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionSweeper>(
            provider, provider.GetServices<INodeDirectory>()));
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionSweeper>());

        // Asked before Kestrel's own, which was added earlier.
        services.AddSingleton<IConnectionListenerFactory, GatewayListenerFactory>();
        services.AddSingleton<ListenerServices>();
        services.AddSingleton<SocketPollers>();
        services.AddSingleton(provider => new Lazy<ConnectionServices>(() => CreateServices(provider)));
        services.AddSingleton<WebSocketAcceptor>();

        // With the first connection: the actor system isn't there yet when the listener is made.
        services.AddSingleton(provider =>
            new Lazy<WebSocketAcceptor>(provider.GetRequiredService<WebSocketAcceptor>, LazyThreadSafetyMode.PublicationOnly));
        services.AddSingleton<Regions>();
        services.AddSingleton<ChannelListReader>();
        services.AddSingleton<UserCalls>();
        services.AddSingleton<SessionCalls>();
        services.AddSingleton(provider => new Servers(gateway, provider.GetService<INodeDirectory>()));
        services.AddSingleton<ServerCalls>();
        services.AddSingleton<ChannelCalls>();
        services.AddSingleton<MessageCalls>();
        services.AddSingleton<IContactObserver, ContactChanges>();
        services.AddSingleton<ContactCalls>();
        services.AddSingleton<PollSessions>();
        services.AddSingleton<SyncCalls>();
        services.AddSingleton<HealthCalls>();
        services.AddSingleton<MetricsCalls>();
        services.AddSingleton<OpenApiCalls>();
        services.AddSingleton<Api>();
        return services;
    }

    /// <summary>
    /// Sets the limits of HTTP on every endpoint of this server, those of <c>--urls</c> included: a body of 64 KiB, which calls that bring
    /// messages raise for themselves, a head of 8 KiB within 10 s; and gives back the file of a connection that
    /// <see cref="GatewayListener"/> passed on.
    /// </summary>
    public static void UseChatGateway(this KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = Protocol.ProtocolLimits.MaxBodyBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Limits.MaxRequestHeadersTotalSize = RequestHead.MaxBytes;
        options.ConfigureEndpointDefaults(static listen =>
        {
            var files = listen.ApplicationServices.GetRequiredService<FileBudget>();
            listen.Use(next => async connection =>
            {
                try
                {
                    await next(connection);
                }
                finally
                {
                    files.Leave();
                }
            });
        });
    }

    /// <summary>Serves the HTTP API and answers everything else with the protocol's errors.</summary>
    public static void MapChatApi(this WebApplication app) => app.Services.GetRequiredService<Api>().Map(app);

    private static ConnectionServices CreateServices(IServiceProvider provider) => new(
        provider.GetRequiredService<IRequiredActor<ChannelRegion>>().ActorRef,
        provider.GetRequiredService<IRequiredActor<UserRegion>>().ActorRef,
        provider.GetRequiredService<IRequiredActor<PresenceBoard>>().ActorRef,
        provider.GetRequiredService<IAuthenticator>(),
        provider.GetRequiredService<HistoryReader>(),
        provider.GetRequiredService<AccountLimits>(),
        provider.GetRequiredService<LimitsOptions>(),
        provider.GetRequiredService<GatewayOptions>(),
        provider.GetRequiredService<Servers>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILoggerFactory>().CreateLogger<Connection>())
    {
        IsClustered = provider.GetService<INodeDirectory>() is not null,
    };
}
