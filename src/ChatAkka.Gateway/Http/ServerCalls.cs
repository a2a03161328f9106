using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Discovery;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Service discovery: the servers that a client may connect to.</summary>
internal sealed class ServerCalls(Servers servers)
{
    public void Map(IEndpointRouteBuilder routes, ApiHandler handler) =>
        routes.MapGet("/v1/servers", handler.Authenticated(ListAsync));

    /// <summary>The servers, best first.</summary>
    /// <param name="user">Whose client it is.</param>
    /// <param name="region">Where the client would like its server; null if it doesn't say.</param>
    public IReadOnlyList<ServerBody> ServersFor(HttpRequest request, UserId user, string? region) =>
        [.. servers.For(request, user, region).Select(server => new ServerBody(server.Url, server.Region, server.Node))];

    private Task<IResult> ListAsync(HttpContext context, Authenticated caller)
    {
        var body = new ServersBody(ServersFor(context.Request, caller.User, context.Request.Query["region"]));
        return Task.FromResult(Answers.Json(StatusCodes.Status200OK, body, HttpJson.Wire.ServersBody));
    }
}
