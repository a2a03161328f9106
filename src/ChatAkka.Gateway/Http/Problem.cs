using System.Text.Json;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Http;

/// <summary>An error over HTTP (RFC 9457) with its stable code.</summary>
internal sealed class Problem(ErrorCode code, string? detail = null, int? status = null, long retryMs = 0) : IResult
{
    /// <summary>The caller's token is missing or not valid.</summary>
    public static readonly Problem Unauthorized = new(ErrorCodes.Unauthorized);

    /// <summary>The server can't answer now; trying again is safe.</summary>
    public static readonly Problem Unavailable = new(ErrorCodes.Unavailable, retryMs: Connections.Refusals.RetryMs);

    /// <summary>A field is missing or wrong.</summary>
    public static Problem BadRequest(string detail) => new(ErrorCodes.BadRequest, detail);

    /// <summary>The caller does it too often; nothing was done.</summary>
    public static Problem RateLimited(long retryMs, string detail) => new(ErrorCodes.RateLimited, detail, retryMs: retryMs);

    /// <summary>The caller's address signs up and logs in too often; nothing was done.</summary>
    public static Problem TooManyLogIns(long retryMs) => RateLimited(retryMs, "Too many sign-ups and log-ins from this address.");

    /// <summary>A channel changed nothing.</summary>
    public static Problem Of(Domain.Channels.Refusal reason)
    {
        var code = Connections.Refusals.Code(reason);
        return new Problem(code, retryMs: Connections.Refusals.RetryOf(code));
    }

    /// <summary>The error that a bare status stands for.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => new Problem(ErrorCodes.UnknownOp),
        StatusCodes.Status405MethodNotAllowed => new Problem(ErrorCodes.UnknownOp, "This path doesn't take that method.", status),
        StatusCodes.Status413PayloadTooLarge => new Problem(ErrorCodes.FrameTooLarge),
        StatusCodes.Status415UnsupportedMediaType => new Problem(ErrorCodes.BadRequest, "The body must be application/json.", status),
        >= 500 => new Problem(ErrorCodes.Internal, status: status),
        _ => new Problem(ErrorCodes.BadRequest, status: status),
    };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status ?? code.HttpStatus;
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (retryMs > 0)
        {
            response.Headers.RetryAfter = ((retryMs + 999) / 1_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var body = new ProblemBody("about:blank", code.Message, response.StatusCode, detail, code.Name, retryMs > 0 ? retryMs : null);
        response.ContentType = ProblemBody.ContentType;
        return JsonSerializer.SerializeAsync(response.Body, body, HttpJson.Wire.ProblemBody, httpContext.RequestAborted);
    }
}
