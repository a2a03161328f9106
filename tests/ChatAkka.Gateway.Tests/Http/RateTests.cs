using System.Net;
using System.Text.Json;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Http;

/// <summary>Calls that come too often: 429 with a time to retry.</summary>
public sealed class RateTests : IAsyncLifetime
{
    private const string SignUp = """{"username":"kim","password":"long enough"}""";

    private Node _node = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Sign_ups_and_log_ins_of_one_address_are_limited_together_before_anything_is_done()
    {
        _node = await Node.StartAsync(new LimitsOptions { LogInsPerMinute = 2 });
        await _node.LogInAsync("kim");

        ShouldBeLimited(await _node.SendAsync("POST", "/v1/users", """{"username":"lee","password":"long enough"}"""));
        ShouldBeLimited(await _node.SendAsync("POST", "/v1/sessions", LogIn("kim", "long enough")));

        _node.Accounts.Fails = true;
        ShouldBeLimited(await _node.SendAsync("POST", "/v1/sessions", LogIn("kim", "long enough")));
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_not_counted()
    {
        _node = await Node.StartAsync(new LimitsOptions { LogInsPerMinute = 1 });
        for (var i = 0; i < 3; i++)
        {
            (await _node.SendAsync("POST", "/v1/users", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
            (await _node.SendAsync("POST", "/v1/sessions", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await _node.SendAsync("POST", "/v1/users", SignUp)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Clients_behind_a_trusted_proxy_are_told_apart_and_nobody_else_can_choose_an_address()
    {
        _node = await Node.StartAsync(new LimitsOptions { LogInsPerMinute = 1 }, new GatewayOptions { TrustedProxies = "127.0.0.1" });

        (await SignUpFromAsync("8.8.8.8, 198.51.100.1")).ShouldBe(HttpStatusCode.Created);
        (await SignUpFromAsync("9.9.9.9, 198.51.100.1")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await SignUpFromAsync("198.51.100.2")).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Without_a_trusted_proxy_a_claimed_address_changes_nothing()
    {
        _node = await Node.StartAsync(new LimitsOptions { LogInsPerMinute = 1 });

        (await SignUpFromAsync("198.51.100.1")).ShouldBe(HttpStatusCode.Created);
        (await SignUpFromAsync("198.51.100.2")).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Failed_log_ins_of_an_account_are_limited_the_same_whether_it_exists_or_not()
    {
        _node = await Node.StartAsync(new LimitsOptions { FailedLogInsPerAccount = 2 });
        await _node.LogInAsync("kim");

        foreach (var username in new[] { "kim", "nobody", "KIM" })
        {
            for (var i = 0; i < 2 && username != "KIM"; i++)
            {
                (await LogInAsync(username, "something else")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            }

            ShouldBeLimited(await LogInAsync(username, "something else"));
            ShouldBeLimited(await LogInAsync(username, "long enough"));
        }

        var (one, other) = (await LogInAsync("kim", "something else"), await LogInAsync("nobody", "something else"));
        Without("retry_ms", one.Body).ShouldBe(Without("retry_ms", other.Body));
    }

    [Fact]
    public async Task A_log_in_that_succeeds_starts_the_count_anew()
    {
        _node = await Node.StartAsync(new LimitsOptions { FailedLogInsPerAccount = 2 });
        await _node.SendAsync("POST", "/v1/users", SignUp);
        for (var round = 0; round < 3; round++)
        {
            (await LogInAsync("kim", "something else")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await LogInAsync("kim", "long enough")).Status.ShouldBe(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_more_than_one_after_the_other()
    {
        _node = await Node.StartAsync(new LimitsOptions { FailedLogInsPerAccount = 3 });
        await _node.SendAsync("POST", "/v1/users", SignUp);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => LogInAsync("kim", "something else")));

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(3);
    }

    [Fact]
    public async Task Calls_of_an_account_are_limited_over_all_its_devices()
    {
        _node = await Node.StartAsync(new LimitsOptions { AccountRequestsPerSecond = 1, AccountBurst = 2 });
        var (phone, _, _) = await _node.LogInAsync("kim");
        var (tablet, _, _) = await _node.LogInAsync("kim");
        var (other, _, _) = await _node.LogInAsync("lee");

        // One token comes back each second.
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 20 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            var answer = await _node.SendAsync("GET", "/v1/users/me", token: i % 2 == 0 ? phone : tablet);
            statuses.Add(answer.Status);
            if (answer.Status == HttpStatusCode.TooManyRequests)
            {
                ShouldBeLimited(answer);
            }
        }

        statuses[..2].ShouldAllBe(status => status == HttpStatusCode.OK);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
        (await _node.SendAsync("GET", "/v1/users/me", token: other)).Status.ShouldBe(HttpStatusCode.OK);
        (await _node.SendAsync("GET", "/healthz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string LogIn(string username, string password) =>
        $$$"""{"username":"{{{username}}}","password":"{{{password}}}","device":{"name":"phone","platform":"test"}}""";

    private Task<(HttpStatusCode Status, string? Type, string Body)> LogInAsync(string username, string password) =>
        _node.SendAsync("POST", "/v1/sessions", LogIn(username, password));

    private async Task<HttpStatusCode> SignUpFromAsync(string forwardedFor)
    {
        using var client = new HttpClient { BaseAddress = _node.Address };
        using var content = new StringContent(SignUp, System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users") { Content = content };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        using var response = await client.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        }

        return response.StatusCode;
    }

    private static void ShouldBeLimited((HttpStatusCode Status, string? Type, string Body) answer)
    {
        (answer.Status, answer.Type).ShouldBe((HttpStatusCode.TooManyRequests, "application/problem+json"), answer.Body);
        var body = JsonDocument.Parse(answer.Body).RootElement;
        body.GetProperty("code").GetString().ShouldBe("rate_limited");
        body.GetProperty("retry_ms").GetInt64().ShouldBeGreaterThan(0);
    }

    private static string Without(string name, string body)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
        json.Remove(name).ShouldBeTrue();
        return json.ToJsonString();
    }
}
