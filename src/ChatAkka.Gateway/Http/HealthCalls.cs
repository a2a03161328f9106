using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Liveness and readiness.</summary>
internal sealed class HealthCalls(IReadiness readiness)
{
    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapGet("/healthz", handler.Open(static _ => Task.FromResult(Show(null))));
        routes.MapGet("/readyz", handler.Open(_ => Task.FromResult(Show(readiness.NotReadyReason))));
    }

    private static IResult Show(string? reason) => reason is null
        ? Answers.Json(StatusCodes.Status200OK, new HealthBody("ok", null), HttpJson.Wire.HealthBody)
        : Answers.Json(StatusCodes.Status503ServiceUnavailable, new HealthBody("unavailable", reason), HttpJson.Wire.HealthBody);
}
