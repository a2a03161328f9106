using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatAkka.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatAkka.Gateway.Http;

/// <summary>Reads bodies; what is wrong with one is answered as a <see cref="Problem"/>.</summary>
internal static class RequestBody
{
    /// <summary>The body as it is, which the caller disposes; null with a problem if it is too large, not announced as JSON or doesn't
    /// arrive.</summary>
    /// <param name="atMost">Bytes that it may have.</param>
    public static async Task<(BodyBytes? Body, Problem? Problem)> ReadBytesAsync(HttpContext context, int atMost)
    {
        if (!IsJson(context.Request.ContentType))
        {
            return (null, Problem.OfStatus(StatusCodes.Status415UnsupportedMediaType));
        }

        // Not every host has the limit; the one that doesn't must not read for ever.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = atMost;
        }

        var body = new BodyBytes(atMost);
        try
        {
            await ReadToEndAsync(context, body);
            if (!body.IsTooLarge)
            {
                var taken = body;
                body = null;
                return (taken, null);
            }

            return (null, Problem.OfStatus(StatusCodes.Status413PayloadTooLarge));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem.OfStatus(e.StatusCode));
        }
        finally
        {
            body?.Dispose();
        }
    }

    /// <summary>The body as a request; null with a problem if it can't be read as one.</summary>
    public static async Task<(T? Request, Problem? Problem)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var (bytes, problem) = await ReadBytesAsync(context, ProtocolLimits.MaxBodyBytes);
        if (bytes is null)
        {
            return (null, problem);
        }

        using (bytes)
        {
            try
            {
                return JsonSerializer.Deserialize(bytes.Span, type) is { } request ? (request, null) : (null, Malformed);
            }
            catch (JsonException)
            {
                return (null, Malformed);
            }
        }
    }

    private static async Task ReadToEndAsync(HttpContext context, BodyBytes body)
    {
        int read;
        while (!body.IsTooLarge && (read = await context.Request.Body.ReadAsync(body.Room(), context.RequestAborted)) > 0)
        {
            body.Add(read);
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
