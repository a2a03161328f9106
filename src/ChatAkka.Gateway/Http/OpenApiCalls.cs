using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>
/// The API's description, <c>docs/openapi.json</c>, which is part of this assembly. Nobody parses it here, and it takes no memory unless
/// asked for. Its server's URL is relative, so it names whichever address it was fetched from.
/// </summary>
internal sealed class OpenApiCalls
{
    private const string Resource = "openapi.json";

    public void Map(IEndpointRouteBuilder routes, ApiHandler handler) =>
        routes.MapGet("/openapi/v1.json", handler.Open(static _ => Task.FromResult(Answers.Raw(StatusCodes.Status200OK, Read()))));

    private static byte[] Read()
    {
        using var stream = typeof(OpenApiCalls).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the assembly lacks its resource {Resource}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
