using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>The HTTP API of one server. Every answer is checked against docs/openapi.json, member by member.</summary>
internal sealed class Api(Uri address, ServerLog log) : IDisposable
{
    // Bytes that no socket holds for a server that doesn't read them.
    private const long LargeBody = 512 * 1024;

    // No connection is kept: an answer must never depend on one that died with its server, nor a server on those that stay.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Is told of every answer; null for a call that isn't documented.</summary>
    public Action<HttpCall?, ApiAnswer>? Answered { get; set; }

    public Task<ApiAnswer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token);

    public Task<ApiAnswer> PostAsync(string path, object body, string? token = null) =>
        SendAsync(HttpMethod.Post, path, Content(body), token);

    public Task<ApiAnswer> PatchAsync(string path, object body, string? token = null) =>
        SendAsync(HttpMethod.Patch, path, Content(body), token);

    public Task<ApiAnswer> PutAsync(string path, string? token = null) => SendAsync(HttpMethod.Put, path, null, token);

    public Task<ApiAnswer> DeleteAsync(string path, string? token = null) => SendAsync(HttpMethod.Delete, path, null, token);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, string? token)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };

        // Who goes on sending what was refused already may find the connection cut before the answer is read.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > LargeBody ? true : null;
        if (token is not null)
        {
            log.Keep(token);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        using var answer = await _http.SendAsync(request);
        var given = new ApiAnswer(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType,
            await answer.Content.ReadAsStringAsync());
        var call = OpenApi.Published.Find(method.Method, path);
        OpenApi.Published.CheckAnswer(call, (int)given.Status, given.ContentType, given.Text).ShouldBeEmpty($"{method} {path}");
        Answered?.Invoke(call, given);
        return given;
    }

    public async Task<string> SignUpAsync(string username, string password)
    {
        log.Keep(password);
        var answer = await PostAsync("/v1/users", new { username, password });
        return answer.ShouldBe(HttpStatusCode.Created).Json.String("user_id");
    }

    public async Task<JsonElement> LogInAsync(string username, string password, string device = "phone")
    {
        log.Keep(password);
        var answer = await PostAsync("/v1/sessions", new { username, password, device = new { name = device, platform = "test" } });
        var session = answer.ShouldBe(HttpStatusCode.Created).Json;
        log.Keep(session.String("token"));
        return session;
    }

    public Task<ApiAnswer> OpenDirectAsync(Person caller, string user) =>
        PostAsync("/v1/channels", new { kind = "direct", user_id = user }, caller.Token);

    public Task<ApiAnswer> AddMemberAsync(string channel, Person member, Person by) =>
        PutAsync($"/v1/channels/{channel}/members/{member.UserId}", by.Token);

    public Task<ApiAnswer> RemoveMemberAsync(string channel, Person member, Person by) =>
        DeleteAsync($"/v1/channels/{channel}/members/{member.UserId}", by.Token);

    public Task<ApiAnswer> RenameAsync(string channel, string title, Person by) =>
        PatchAsync($"/v1/channels/{channel}", new { title }, by.Token);

    /// <summary>Creates a group and returns its id.</summary>
    public async Task<string> CreateGroupAsync(Person owner, string title, params Person[] members)
    {
        var answer = await PostAsync("/v1/channels", new { kind = "group", title, members = members.Select(m => m.UserId) }, owner.Token);
        return answer.ShouldBe(HttpStatusCode.Created).Json.Member("channel").String("id");
    }

    /// <summary>Posts a text and returns its id.</summary>
    public async Task<long> PostMessageAsync(Person sender, string channel, string clientId, string text)
    {
        log.Keep(text);
        var answer = await PostAsync($"/v1/channels/{channel}/messages", new { client_id = clientId, text }, sender.Token);
        return answer.ShouldBe(HttpStatusCode.Created).Json.Id();
    }

    /// <summary>All messages of a channel, page by page.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadAllAsync(Person reader, string channel)
    {
        List<JsonElement> all = [];
        while (true)
        {
            var after = all.Count == 0 ? "0" : all[^1].String("id");
            var answer = await GetAsync($"/v1/channels/{channel}/messages?after={after}&limit=200", reader.Token);
            var page = answer.ShouldBe(HttpStatusCode.OK).Json;
            all.AddRange(page.Array("messages"));
            if (!page.Bool("has_after"))
            {
                return all;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Content(object body) =>
        new(Json.Write(body), Encoding.UTF8) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
