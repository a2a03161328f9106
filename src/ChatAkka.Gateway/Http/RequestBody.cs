using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatAkka.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatAkka.Gateway.Http;

/// <summary>Reads bodies; what is wrong with one is answered as a <see cref="Problem"/>.</summary>
internal static class RequestBody
{
    /// <summary>The body as it is; null with a problem if it is too large, not announced as JSON or doesn't arrive.</summary>
    public static async Task<(byte[]? Bytes, Problem? Problem)> ReadBytesAsync(HttpContext context)
    {
        if (!IsJson(context.Request.ContentType))
        {
            return (null, Problem.OfStatus(StatusCodes.Status415UnsupportedMediaType));
        }

        // Not every host has the limit; the one that doesn't must not read for ever.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ProtocolLimits.MaxBodyBytes;
        }

        try
        {
            using var body = new MemoryStream();
            var buffer = new byte[4096];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                if (body.Length + read > ProtocolLimits.MaxBodyBytes)
                {
                    return (null, Problem.OfStatus(StatusCodes.Status413PayloadTooLarge));
                }

                body.Write(buffer, 0, read);
            }

            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem.OfStatus(e.StatusCode));
        }
    }

    /// <summary>The body as a request; null with a problem if it can't be read as one.</summary>
    public static async Task<(T? Request, Problem? Problem)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var (bytes, problem) = await ReadBytesAsync(context);
        if (bytes is null)
        {
            return (null, problem);
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } request ? (request, null) : (null, Malformed);
        }
        catch (JsonException)
        {
            return (null, Malformed);
        }
    }

    private static Problem Malformed => Problem.BadRequest("The body isn't the JSON object that this call takes.");

    private static bool IsJson(string? contentType)
    {
        var media = contentType.AsSpan();
        var parameters = media.IndexOf(';');
        return (parameters < 0 ? media : media[..parameters]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }
}
