using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.WebSockets.Handshake;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Service discovery: the servers that a client may connect to. Here that is this node.</summary>
internal sealed class ServerCalls(GatewayOptions options)
{
    public void Map(IEndpointRouteBuilder routes, ApiHandler handler) =>
        routes.MapGet("/v1/servers", handler.Authenticated(ListAsync));

    /// <summary>The servers, best first.</summary>
    public IReadOnlyList<ServerBody> ServersFor(HttpRequest request)
    {
        var url = options.PublicUrl.Length > 0 ? options.PublicUrl : $"{(request.IsHttps ? "wss" : "ws")}://{request.Host}{RequestHead.Path}";
        return [new ServerBody(url, options.Region, options.Node)];
    }

    private Task<IResult> ListAsync(HttpContext context, Authenticated caller) =>
        Task.FromResult(Answers.Json(StatusCodes.Status200OK, new ServersBody(ServersFor(context.Request)), HttpJson.Wire.ServersBody));
}
