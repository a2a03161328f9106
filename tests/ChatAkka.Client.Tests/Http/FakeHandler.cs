using System.Net;
using System.Text;

namespace ChatAkka.Client.Tests.Http;

/// <summary>Answers every request with the same, and remembers what was asked.</summary>
internal sealed class FakeHandler(HttpStatusCode status, string body = "", string type = "application/json") : HttpMessageHandler
{
    /// <summary>Method, path and body of each request.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Of the last request.</summary>
    public string? Authorization { get; private set; }

    /// <summary>The request is never answered.</summary>
    public bool IsSilent { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {content}".TrimEnd());
        Authorization = request.Headers.Authorization?.ToString();
        if (IsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
    }
}
