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

    /// <summary>JSON that is written already.</summary>
    public static IResult Raw(int status, byte[] json) => new BytesAnswer(status, json);

    /// <summary>Bytes that <see cref="FrameWriter"/> has written: the forms that HTTP shares with the WebSocket.</summary>
    public static IResult Encoded(int status, FrameWriter writer) => new BytesAnswer(status, writer.Written.ToArray());

    private sealed class BytesAnswer(int status, byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json";
            httpContext.Response.ContentLength = body.Length;
            return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}
