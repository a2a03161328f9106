using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class AccountTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Sign_up_creates_a_user_with_a_lower_case_name()
    {
        var answer = await Api.PostAsync("/v1/users", new { username = "Minsu.Kim", password = Password, display_name = "김민수 😀" });

        var user = answer.ShouldBe(HttpStatusCode.Created).Json;
        user.String("username").ShouldBe("minsu.kim");
        user.String("display_name").ShouldBe("김민수 😀");
        ulong.Parse(user.String("user_id")).ShouldBeGreaterThan(0UL);
        answer.Text.ShouldContain("김민수 😀", Case.Sensitive, "text goes out as itself");
    }

    [Fact]
    public async Task Sign_up_with_a_taken_name_is_refused()
    {
        await Api.SignUpAsync("taken_name", Password);

        var answer = await Api.PostAsync("/v1/users", new { username = "TAKEN_name", password = Password });

        answer.ShouldBeProblem(HttpStatusCode.Conflict, "username_taken");
    }

    [Theory]
    [InlineData("ab", Password)]
    [InlineData("a_name_that_is_longer_than_32_char", Password)]
    [InlineData("with space", Password)]
    [InlineData("dash-ed", Password)]
    [InlineData("김민수", Password)]
    [InlineData("ext:someone", Password)]
    [InlineData("short_password", "1234567")]
    public async Task Sign_up_with_a_bad_name_or_password_is_refused(string username, string password) =>
        (await Api.PostAsync("/v1/users", new { username, password })).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");

    [Fact]
    public async Task Sign_up_with_a_password_of_257_characters_is_refused() =>
        (await Api.PostAsync("/v1/users", new { username = "long_password", password = new string('p', 257) }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");

    [Fact]
    public async Task Log_in_gives_a_token_a_device_and_where_to_go()
    {
        var user = await Api.SignUpAsync("log_in", Password);

        var answer = await Api.LogInAsync("LOG_in", Password);

        answer.String("user_id").ShouldBe(user);
        answer.String("device_id").ShouldNotBeEmpty();
        answer.Array("servers").ShouldNotBeEmpty();
        var client = await ConnectAsync(answer.String("token"));
        client.Hello.Json.String("user_id").ShouldBe(user);
        client.Hello.Json.String("device_id").ShouldBe(answer.String("device_id"));
    }

    [Fact]
    public async Task Log_in_with_a_wrong_password_and_of_nobody_get_the_same_answer()
    {
        await Api.SignUpAsync("somebody", Password);
        var device = new { name = "phone", platform = "test" };

        var wrong = await Api.PostAsync("/v1/sessions", new { username = "somebody", password = "not the password", device });
        var nobody = await Api.PostAsync("/v1/sessions", new { username = "nobody_at_all", password = "not the password", device });

        wrong.ShouldBeProblem(HttpStatusCode.Unauthorized, "bad_credentials");
        nobody.ShouldBe(wrong);
    }

    [Fact]
    public async Task Own_profile_can_be_read_and_renamed()
    {
        var user = await Api.SignUpAsync("renamed", Password);
        var token = (await Api.LogInAsync("renamed", Password)).String("token");

        (await Api.PatchAsync("/v1/users/me", new { display_name = "New Name" }, token)).ShouldBe(HttpStatusCode.OK);

        foreach (var path in new[] { "/v1/users/me", $"/v1/users/{user}", "/v1/users?username=renamed", "/v1/users?username=RENAMED" })
        {
            var profile = (await Api.GetAsync(path, token)).ShouldBe(HttpStatusCode.OK).Json;
            profile.String("user_id").ShouldBe(user);
            profile.String("username").ShouldBe("renamed");
            profile.String("display_name").ShouldBe("New Name");
        }
    }

    [Fact]
    public async Task Integrators_user_is_found_by_the_integrators_name()
    {
        var people = await MeetAsync("seeker", "sought");

        var found = (await Api.GetAsync($"/v1/users?external={people[1].Subject}", people[0].Token)).ShouldBe(HttpStatusCode.OK).Json;

        found.String("user_id").ShouldBe(people[1].UserId);
        found.String("username").ShouldBe("ext:" + people[1].Subject);
    }

    [Theory]
    [InlineData("/v1/users/12345")]
    [InlineData("/v1/users/not-an-id")]
    [InlineData("/v1/users?username=nobody_here")]
    [InlineData("/v1/users?external=nobody-here")]
    public async Task Look_up_of_nobody_says_so(string path) =>
        (await Api.GetAsync(path, (await MeetAsync("seeker")).Token)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
}
