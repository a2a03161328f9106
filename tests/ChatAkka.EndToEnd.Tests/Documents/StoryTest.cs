using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>Plays stories of docs/protocol.md on a server of their own.</summary>
public abstract class StoryTest : EndToEndTest
{
    private const string Password = "correct horse battery";
    private const string Group = "117300000000000091";

    // The ids that the documents give to people and devices: the phone's ends with 1, the laptop's with 2.
    private static readonly string[] People = ["anna", "ben", "cora"];
    private static readonly string[] Devices = ["phone", "laptop"];

    private readonly Cast _cast = new();
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, ChatClient> _clients = [];
    private readonly Dictionary<string, ApiAnswer> _answers = [];
    private readonly Dictionary<string, string> _polls = [];

    private protected async Task PlayAsync(Story story)
    {
        await StartServerAsync(ServerSettings.Unlimited);
        await PrepareAsync(story);
        foreach (var step in story.Steps)
        {
            await PlayAsync(step);
        }
    }

    private static string UserId(string person) =>
        (117300000000000001 + Array.IndexOf(People, person)).ToString(CultureInfo.InvariantCulture);

    private static string DeviceId(string who)
    {
        var (person, device) = (who.Split('@')[0], who.Contains('@') ? who.Split('@')[1] : Devices[0]);
        return (117300000000000000 + 10 * (1 + Array.IndexOf(People, person)) + 1 + Array.IndexOf(Devices, device))
            .ToString(CultureInfo.InvariantCulture);
    }

    private async Task PrepareAsync(Story story)
    {
        foreach (var person in story.Of("story"))
        {
            var name = char.ToUpperInvariant(person[0]) + person[1..];
            var user = await Api.PostAsync("/v1/users", new { username = person, password = Password, display_name = name });
            _cast.Add(UserId(person), user.ShouldBe(HttpStatusCode.Created).Json.String("user_id"));
        }

        foreach (var who in story.Of("story").Concat(story.Of("devices")))
        {
            var session = await Api.LogInAsync(who.Split('@')[0], Password);
            _cast.Add(DeviceId(who), session.String("device_id"));
            _tokens[who] = session.String("token");
        }

        if (story.Of("group") is [var owner, .. var others])
        {
            var group = new { kind = "group", title = "Friday", members = others.Select(other => _cast.Real(UserId(other))) };
            var made = await Api.PostAsync("/v1/channels", group, _tokens[owner]);
            _cast.Add(Group, made.ShouldBe(HttpStatusCode.Created).Json.Member("channel").String("id"));
        }

        foreach (var who in story.Of("connected"))
        {
            _clients[who] = await ConnectAsync(_tokens[who]);
        }
    }

    private async Task PlayAsync(Step step)
    {
        switch (step)
        {
            case Step.Called { OpensSocket: true }:
                _clients[step.Who] = await OpenAsync();
                break;
            case Step.Called called:
                _answers[step.Who] = await CallAsync(called);
                break;
            case Step.Answered { Status: 101 }:
                break;
            case Step.Answered answered:
                Check(answered, _answers[step.Who]);
                break;
            case Step.Written written:
                await _clients[step.Who].WriteAsync(FrameOf(written));
                break;
            case Step.Received received:
                await _clients[step.Who].TakeAsync(_cast.Play(step.Text), frame => _cast.Compare(received.Frame, frame.Json) is null);
                break;
            case Step.Closed closed:
                var closing = await _clients[step.Who].ClosedAsync();
                (closing.Code, closing.Reason).ShouldBe((closed.Code, closed.Reason));
                break;
            case Step.Lost:
                _clients[step.Who].Reset();
                await _clients[step.Who].ClosedAsync();
                break;
        }
    }

    private JsonObject FrameOf(Step.Written written)
    {
        var frame = JsonNode.Parse(_cast.Play(written.Frame))!.AsObject();
        if (frame.ContainsKey("token"))
        {
            frame["token"] = _tokens[written.Who];
        }

        return frame;
    }

    private Task<ApiAnswer> CallAsync(Step.Called called)
    {
        var address = _cast.Play(called.Address).Replace("…", _polls.GetValueOrDefault(called.Who));
        var content = called.Body is null ? null
            : new StringContent(_cast.Play(called.Body), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return Api.SendAsync(new HttpMethod(called.Method), address, content, _tokens.GetValueOrDefault(called.Who));
    }

    private void Check(Step.Answered expected, ApiAnswer actual)
    {
        ((int)actual.Status).ShouldBe(expected.Status, $"{expected.Text}\n{actual.Text}");
        if (expected.Body is not { } body)
        {
            actual.Text.ShouldBeEmpty();
            return;
        }

        _cast.Compare(body, actual.Json).ShouldBeNull($"{expected.Text}\n{actual.Text}");
        Remember(expected.Who, actual.Json);
    }

    // A device that has just logged in has its token from now on; a poll says how to go on.
    private void Remember(string who, JsonElement answer)
    {
        if (answer.Has("token"))
        {
            var device = People.SelectMany(person => new[] { person, $"{person}@{Devices[1]}" })
                .Single(device => _cast.Real(DeviceId(device)) == answer.String("device_id"));
            _tokens[device] = answer.String("token");
        }

        if (answer.Has("poll"))
        {
            _polls[who] = answer.String("poll");
        }
    }
}
