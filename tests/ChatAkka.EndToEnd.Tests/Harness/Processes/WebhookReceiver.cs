using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>A push that was received, with a signature that was right.</summary>
internal sealed record ReceivedPush(string Delivery, JsonElement Body);

/// <summary>The team's server that gets the pushes.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ReceivedPush> _received = new();
    private readonly Task _serving;

    public WebhookReceiver()
    {
        Url = $"http://127.0.0.1:{Ports.Next()}/push/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Everything received so far.</summary>
    public IReadOnlyList<ReceivedPush> All => [.. _received];

    public ServerSettings Configure(ServerSettings settings) =>
        settings.With("Push:Webhook:Url", Url).With("Push:Webhook:Secret", Convert.ToBase64String(Secret));

    /// <summary>Waits until so many different pushes were received.</summary>
    public async Task<IReadOnlyList<ReceivedPush>> TakeAsync(int count, TimeSpan? limit = null)
    {
        await Wait.UntilAsync($"{count} pushes", () => All.DistinctBy(push => push.Delivery).Count() >= count, limit);
        return [.. All.DistinctBy(push => push.Delivery)];
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync();
                var signed = $"{context.Request.Headers["ChatAkka-Timestamp"]}.{body}";
                var signature = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(signed)));
                var isGenuine = signature == context.Request.Headers["ChatAkka-Signature"];
                if (isGenuine)
                {
                    _received.Enqueue(new ReceivedPush(context.Request.Headers["ChatAkka-Delivery"]!, JsonDocument.Parse(body).RootElement));
                }

                context.Response.StatusCode = isGenuine ? 204 : 400;
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Closed, or the server died while it sent.
            }
        }
    }
}
