using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Benchmarks.Server.Hosting;

/// <summary>The HTTP calls that the scenarios need, one at a time over one connection.</summary>
internal sealed class HttpApi(IPEndPoint server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = new Uri($"http://{server}") };

    /// <summary>Opens a group and returns its id.</summary>
    public string CreateGroup(string token, string title, IEnumerable<string> members)
    {
        var body = JsonSerializer.Serialize(new { kind = "group", title, members });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/channels");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = JsonDocument.Parse(Send(request, token));
        return answer.RootElement.GetProperty("channel").GetProperty("id").GetString()!;
    }

    /// <summary>Posts a message.</summary>
    public void Post(string token, string channel, string clientId, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/channels/{channel}/messages");
        request.Content = new StringContent(JsonSerializer.Serialize(new { client_id = clientId, text }), Encoding.UTF8, "application/json");
        Send(request, token);
    }

    /// <summary>A page of messages as the server wrote it; <paramref name="query"/> begins with <c>?</c>.</summary>
    public byte[] Messages(string token, string channel, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/channels/{channel}/messages{query}");
        return Send(request, token);
    }

    /// <summary>The servers that a client is told of, best first.</summary>
    public IPEndPoint[] Servers(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/servers");
        using var answer = JsonDocument.Parse(Send(request, token));
        return
        [
            .. answer.RootElement.GetProperty("servers").EnumerateArray()
                .Select(one => new Uri(one.GetProperty("url").GetString()!)).Select(url => new IPEndPoint(IPAddress.Parse(url.Host), url.Port)),
        ];
    }

    public void Dispose() => _http.Dispose();

    private byte[] Send(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = _http.Send(request, HttpCompletionOption.ResponseHeadersRead);
        using var stream = new MemoryStream();
        answer.Content.ReadAsStream().CopyTo(stream);
        var body = stream.ToArray();
        return answer.IsSuccessStatusCode
            ? body
            : throw new BenchmarkException($"{request.Method} {request.RequestUri}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
    }
}
