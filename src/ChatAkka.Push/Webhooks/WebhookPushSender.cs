using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ChatAkka.Domain.Push;

namespace ChatAkka.Push.Webhooks;

/// <summary>
/// Posts notifications to one URL, signed. Only the answer's status counts. Reasons that it gives name a status or a kind of failure, never
/// the URL or anything that the receiver has written.
/// </summary>
internal sealed class WebhookPushSender : IPushSender, IDisposable
{
    /// <summary>How much of an answer's body is read, so that its connection can be used again; with more, it is closed.</summary>
    private const int MaxAnswerBytes = 1024;

    private const HttpStatusCode TooEarly = (HttpStatusCode)425;
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly Uri _url;
    private readonly WebhookSignature _signature;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public WebhookPushSender(PushOptions options, TimeProvider time)
    {
        _url = new Uri(options.Webhook.Url);
        _signature = new WebhookSignature(Convert.FromBase64String(options.Webhook.Secret));
        _timeout = TimeSpan.FromMilliseconds(options.Webhook.TimeoutMs);
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // A redirect would take a signed body elsewhere.
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = options.ConcurrentSends,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MaxAnswerBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),

            // The receiver's address may change.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        });
    }

    /// <inheritdoc/>
    public async Task<PushOutcome> SendAsync(PushNotification notification, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            using var request = CreateRequest(notification);
            using var answer = await _http.SendAsync(request, either.Token);
            return Judge(answer);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new PushOutcome.Retry("no answer in time");
        }
        catch (HttpRequestException e)
        {
            return new PushOutcome.Retry($"no answer: {e.HttpRequestError}");
        }
        catch (IOException)
        {
            return new PushOutcome.Retry("the connection was lost");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage CreateRequest(PushNotification notification)
    {
        var body = WebhookBody.Write(notification);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Add("ChatAkka-Delivery", notification.Id);
        request.Headers.Add("ChatAkka-Timestamp", timestamp);
        request.Headers.Add("ChatAkka-Signature", _signature.Of(timestamp, body));
        return request;
    }

    private PushOutcome Judge(HttpResponseMessage answer)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"status {(int)answer.StatusCode}");
        return answer.StatusCode switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => new PushOutcome.Delivered(),
            HttpStatusCode.RequestTimeout or TooEarly or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new PushOutcome.Retry(reason, RetryAfter(answer.Headers.RetryAfter)),
            _ => new PushOutcome.Rejected(reason),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };
}
