using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatAkka.Client.Sockets;
using ChatAkka.Protocol.Http;

namespace ChatAkka.Client.Http;

/// <summary>Makes calls of the HTTP API; whatever goes wrong is a <see cref="ChatException"/>.</summary>
internal sealed class HttpCaller(Uri address, HttpMessageHandler? handler, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _http = new(handler ?? SharedHandler.Instance, disposeHandler: false)
    {
        BaseAddress = new Uri(address, "/v1/"),
        Timeout = Timeout.InfiniteTimeSpan, // ours runs on the given clock
    };

    /// <summary>The status and the body of an answer that says that the call was done.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body)> CallAsync(
        HttpMethod method, string path, string? token, HttpContent? content, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            var body = await answer.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? (answer.StatusCode, body) : throw Failure(answer, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new ChatException(ChatException.Unreachable, $"{address} doesn't answer", e);
        }
    }

    /// <summary>What an answer holds.</summary>
    public static T Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new ChatException(ChatException.BadAnswer, "the answer isn't one of this protocol", e);
        }
    }

    /// <summary>A body.</summary>
    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type) => Json(JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>A body.</summary>
    public static HttpContent Json(byte[] body) =>
        new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    public void Dispose() => _http.Dispose();

    private static ChatException Failure(HttpResponseMessage answer, byte[] body)
    {
        var problem = Problem(answer, body);
        var sentence = problem?.Detail ?? problem?.Title ?? $"answered with {(int)answer.StatusCode}";
        return new ChatException(problem?.Code ?? ChatException.BadAnswer, sentence)
        {
            HttpStatus = answer.StatusCode,
            RetryAfter = problem?.RetryMs is > 0 and <= int.MaxValue and var ms
                ? TimeSpan.FromMilliseconds(ms)
                : answer.Headers.RetryAfter?.Delta,
        };
    }

    private static ProblemBody? Problem(HttpResponseMessage answer, byte[] body)
    {
        try
        {
            return answer.Content.Headers.ContentType?.MediaType == ProblemBody.ContentType
                ? JsonSerializer.Deserialize(body, HttpJson.Wire.ProblemBody)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
