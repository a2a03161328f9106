using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatAkka.Protocol.Codec;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Http;

/// <summary>The answers of the API that aren't errors.</summary>
internal static class Answers
{
    public static IResult NoContent { get; } = TypedResults.NoContent();

    public static IResult Json<T>(int status, T body, JsonTypeInfo<T> type) =>
        new BytesAnswer(status, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>What is written already; JSON unless another type is given.</summary>
    public static IResult Raw(int status, byte[] body, string contentType = "application/json") =>
        new BytesAnswer(status, body, contentType);

    /// <summary>Bytes that <see cref="FrameWriter"/> has written: the forms that HTTP shares with the WebSocket.</summary>
    public static IResult Encoded(int status, FrameWriter writer) => new BytesAnswer(status, writer.Written.ToArray());

    private sealed class BytesAnswer(int status, byte[] body, string contentType = "application/json") : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = contentType;
            httpContext.Response.ContentLength = body.Length;
            return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}
