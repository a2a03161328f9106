using System.Net.Http.Headers;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.Tests.Documents;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>Every error code of the documents can be had from a server, one row a code.</summary>
public sealed class ErrorCodeTests : EndToEndTest
{
    // The one that nothing a client does leads to: OpenApiTests of the gateway produce it with a channel that answers nonsense.
    private const string Fault = "internal";

    private static readonly Dictionary<string, Func<ErrorCodeTests, Person[], Task<string>>> Rows = new()
    {
        ["bad_request"] = (test, p) => test.RequestAsync(p[0], new { op = "send", to = p[1].UserId }),
        ["unknown_op"] = (test, p) => test.RequestAsync(p[0], new { op = "sing" }),
        ["unauthorized"] = (test, p) => test.HelloAsync("no such token"),
        ["bad_credentials"] = async (test, _) =>
            CodeOf(await test.Api.PostAsync("/v1/sessions", new { username = "nobody_here", password = "a wrong password" })),
        ["not_allowed"] = async (test, p) => CodeOf(await test.Api.RenameAsync(await test.GroupAsync(p), "mine", p[1])),
        ["blocked"] = (test, p) => test.BlockedAsync(p),
        ["channel_not_found"] = async (test, p) =>
            await test.RequestAsync(p[2], new { op = "history", channel = await test.GroupAsync(p) }),
        ["user_not_found"] = (test, p) =>
            test.RequestAsync(p[0], new { op = "send", to = "12345", client_id = "c", text = "is anybody there?" }),
        ["message_not_found"] = async (test, p) =>
            await test.RequestAsync(p[0], new { op = "delete", channel = await test.GroupAsync(p), id = "1" }),
        ["outdated"] = (test, p) => test.EditLateAsync(p),
        ["username_taken"] = (test, _) => test.SignUpTwiceAsync(),
        ["text_empty"] = (test, p) => test.SendAsync(p, ""),
        ["text_too_long"] = (test, p) => test.SendAsync(p, new string('x', 100_001)),
        ["text_invalid"] = (test, p) => test.SendAsync(p, "a\0b"),
        ["group_too_large"] = async (test, p) => CodeOf(await test.Api.PostAsync(
            "/v1/channels", new { kind = "group", title = "crowd", members = Enumerable.Range(1, 100).Select(id => $"{id}") }, p[0].Token)),
        ["frame_too_large"] = async (test, p) =>
            CodeOf(await test.Api.PatchAsync("/v1/users/me", new { display_name = new string('x', 65_536) }, p[0].Token)),
        ["rate_limited"] = (test, p) => test.FloodAsync(p[0], new { op = "sing" }),
        ["busy"] = (test, p) => test.FloodAsync(p[0], new { op = "send", to = p[1].UserId, client_id = "c", text = "all at once" }),
        ["unavailable"] = (test, p) => test.FullStoreAsync(p),
    };

    // What a server must be told to give it.
    private static readonly Dictionary<string, ServerSettings> Settings = new()
    {
        ["rate_limited"] = new ServerSettings().With("Limits:SocketRequestsPerSecond", 1).With("Limits:SocketBurst", 5),
        ["busy"] = ServerSettings.Unlimited.With("Chat:MaxPendingPerChannel", 1),
        ["unavailable"] = ServerSettings.Unlimited with { Preparation = "trap '' XFSZ" },
    };

    public static TheoryData<string> Codes => [.. Rows.Keys];

    [Fact]
    public void Every_code_has_a_row() =>
        AsyncApi.Published.Document.Member("x-error-codes").EnumerateArray().Select(code => code.String("code"))
            .ShouldBe([.. Rows.Keys, Fault], ignoreOrder: true);

    [SkippableTheory]
    [MemberData(nameof(Codes))]
    public async Task Code_is_produced(string code)
    {
        Skip.If(
            code == "unavailable" && !OperatingSystem.IsLinux(),
            "Limits the size of the server's files with prlimit(2), which only Linux has; run it there.");
        await StartServerAsync(Settings.GetValueOrDefault(code, ServerSettings.Unlimited));
        var people = await MeetAsync("anna", "ben", "cora");

        (await Rows[code](this, people)).ShouldBe(code);
    }

    private static string CodeOf(ApiAnswer answer)
    {
        answer.ContentType.ShouldBe("application/problem+json", answer.Text);
        return answer.Json.String("code");
    }

    private async Task<string> RequestAsync(Person person, object request) =>
        (await (await ConnectAsync(person)).RequestAsync(request)).Code;

    private async Task<string> HelloAsync(string token) => (await (await OpenAsync()).RequestAsync(new { op = "hello", token })).Code;

    private Task<string> SendAsync(Person[] people, string text) =>
        RequestAsync(people[0], new { op = "send", to = people[1].UserId, client_id = "c", text });

    private Task<string> GroupAsync(Person[] people) => Api.CreateGroupAsync(people[0], "Friday", people[1]);

    private async Task<string> BlockedAsync(Person[] people)
    {
        (await Api.PutAsync($"/v1/blocks/{people[0].UserId}", people[1].Token)).ShouldSucceed();
        return await SendAsync(people, "do you hear me?");
    }

    // The second edit is one from before the first.
    private async Task<string> EditLateAsync(Person[] people)
    {
        var client = await ConnectAsync(people[0]);
        var sent = (await client.RequestAsync(new { op = "send", to = people[1].UserId, client_id = "c", text = "one" })).ShouldBeOk().Json;
        var (channel, id) = (sent.String("channel"), sent.String("id"));
        (await client.RequestAsync(new { op = "edit", channel, id, text = "three", seen = id })).ShouldBeOk();
        return (await client.RequestAsync(new { op = "edit", channel, id, text = "two", seen = id })).Code;
    }

    private async Task<string> SignUpTwiceAsync()
    {
        await Api.SignUpAsync("dora", "correct horse battery");
        using var body = new StringContent(
            """{"username":"DORA","password":"correct horse battery"}""", new MediaTypeHeaderValue("application/json"));
        return CodeOf(await Api.SendAsync(HttpMethod.Post, "/v1/users", body, null));
    }

    // The same request many times in one breath, until it is one too many.
    private async Task<string> FloodAsync(Person person, object request)
    {
        var client = await ConnectAsync(person);
        var references = new List<string>();
        for (var i = 0; i < 90; i++)
        {
            references.Add(await client.BeginAsync(request));
        }

        foreach (var reference in references)
        {
            var reply = await client.ReplyAsync(reference);
            if (reply.Op == "error" && reply.Json.Has("retry_ms"))
            {
                return reply.Code;
            }
        }

        return "none that is worth repeating";
    }

    private async Task<string> FullStoreAsync(Person[] people)
    {
        var client = await ConnectAsync(people[0]);
        Posix.LimitFileSize(Server.Pid, 4096);
        return (await client.TryPostToAsync(people[1].UserId, "c", "no room for this")).Code;
    }
}
