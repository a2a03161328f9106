using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.WebSockets;
using ChatAkka.Gateway.WebSockets.Handshake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Http;

/// <summary>The HTTP API as a whole.</summary>
internal sealed class Api(
    UserCalls users, SessionCalls sessions, ServerCalls servers, ChannelCalls channels, MessageCalls messages, ContactCalls contacts,
    SyncCalls sync, HealthCalls health, MetricsCalls metrics, OpenApiCalls document, WebSocketAcceptor sockets,
    IAuthenticator authenticator, AccountLimits limits,
    ILogger<Api> log)
{
    public void Map(WebApplication app)
    {
        app.Use(ExplainAsync);
        var handler = new ApiHandler(authenticator, limits, log);
        users.Map(app, handler);
        sessions.Map(app, handler);
        servers.Map(app, handler);
        channels.Map(app, handler);
        messages.Map(app, handler);
        contacts.Map(app, handler);
        sync.Map(app, handler);
        health.Map(app, handler);
        metrics.Map(app, handler);
        document.Map(app, handler);
        app.MapGet(RequestHead.Path, (RequestDelegate)(context => WebSocketEndpoint.InvokeAsync(context, sockets)));
    }

    // What the framework answers by a bare status (no such path, method not allowed) gets the protocol's body.
    private static async Task ExplainAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null)
        {
            await Problem.OfStatus(response.StatusCode).ExecuteAsync(context);
        }
    }
}
