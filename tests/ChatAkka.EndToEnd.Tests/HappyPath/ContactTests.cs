using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class ContactTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Two_become_friends_and_part_again()
    {
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (people[0], people[1]);

        var asked = (await Api.PutAsync($"/v1/friends/{ben.UserId}", anna.Token)).ShouldBe(HttpStatusCode.OK).Json;
        asked.String("user_id").ShouldBe(ben.UserId);
        asked.String("username").ShouldBe("ext:" + ben.Subject);
        asked.String("display_name").ShouldNotBeEmpty();
        asked.String("state").ShouldBe("pending_out");
        var again = (await Api.PutAsync($"/v1/friends/{ben.UserId}", anna.Token)).ShouldBe(HttpStatusCode.OK).Json;
        again.Number("since").ShouldBe(asked.Number("since"), "asking twice changes nothing");
        (await FriendsOfAsync(ben)).ShouldBe([(anna.UserId, "pending_in")]);

        var accepted = (await Api.PutAsync($"/v1/friends/{anna.UserId}", ben.Token)).ShouldBe(HttpStatusCode.OK).Json;
        accepted.String("state").ShouldBe("friends");
        accepted.Number("since").ShouldBeGreaterThanOrEqualTo(asked.Number("since"));
        (await FriendsOfAsync(anna)).ShouldBe([(ben.UserId, "friends")]);

        for (var time = 0; time < 2; time++)
        {
            var ended = (await Api.DeleteAsync($"/v1/friends/{ben.UserId}", anna.Token)).ShouldBe(HttpStatusCode.OK).Json;
            ended.String("user_id").ShouldBe(ben.UserId);
            ended.String("state").ShouldBe("none");
        }

        (await FriendsOfAsync(ben)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Block_ends_a_friendship_and_refuses_another_until_it_is_taken_back()
    {
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (people[0], people[1]);
        await Api.PutAsync($"/v1/friends/{ben.UserId}", anna.Token);
        await Api.PutAsync($"/v1/friends/{anna.UserId}", ben.Token);

        (await Api.PutAsync($"/v1/blocks/{ben.UserId}", anna.Token)).ShouldBe(HttpStatusCode.NoContent);
        (await Api.PutAsync($"/v1/blocks/{ben.UserId}", anna.Token)).ShouldBe(HttpStatusCode.NoContent);

        var blocks = (await Api.GetAsync("/v1/blocks", anna.Token)).ShouldBe(HttpStatusCode.OK).Json.Array("blocks");
        var blocked = blocks.ShouldHaveSingleItem();
        blocked.String("user_id").ShouldBe(ben.UserId);
        blocked.String("username").ShouldBe("ext:" + ben.Subject);
        blocked.Number("since").ShouldBeGreaterThan(0);
        (await Api.GetAsync("/v1/blocks", ben.Token)).Json.Array("blocks").ShouldBeEmpty("who blocks whom is the blocker's to know");
        (await FriendsOfAsync(ben)).ShouldBeEmpty();
        (await Api.PutAsync($"/v1/friends/{anna.UserId}", ben.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "blocked");
        (await Api.PutAsync($"/v1/friends/{ben.UserId}", anna.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "blocked");

        (await Api.DeleteAsync($"/v1/blocks/{ben.UserId}", anna.Token)).ShouldBe(HttpStatusCode.NoContent);
        var asked = (await Api.PutAsync($"/v1/friends/{anna.UserId}", ben.Token)).ShouldBe(HttpStatusCode.OK).Json;
        asked.String("state").ShouldBe("pending_out");
    }

    [Fact]
    public async Task Contacts_survive_a_killed_server()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);
        List<(string User, string Token)> users = [];
        foreach (var name in new[] { "anna", "ben", "cora" })
        {
            var user = await server.Api.SignUpAsync(name, "correct horse battery");
            users.Add((user, (await server.Api.LogInAsync(name, "correct horse battery")).String("token")));
        }

        (await server.Api.PutAsync($"/v1/friends/{users[1].User}", users[0].Token)).ShouldBe(HttpStatusCode.OK);
        (await server.Api.PutAsync($"/v1/blocks/{users[2].User}", users[0].Token)).ShouldBe(HttpStatusCode.NoContent);
        await server.RestartAsync();

        var friends = (await server.Api.GetAsync("/v1/friends", users[1].Token)).ShouldBe(HttpStatusCode.OK).Json.Array("friends");
        friends.ShouldHaveSingleItem().String("state").ShouldBe("pending_in");
        (await server.Api.PutAsync($"/v1/friends/{users[0].User}", users[2].Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "blocked");
    }

    [Theory]
    [InlineData("/v1/friends/")]
    [InlineData("/v1/blocks/")]
    public async Task Oneself_and_nobody_are_refused(string path)
    {
        var person = await MeetAsync("anna");
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            (await SendAsync(person.UserId)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
            (await SendAsync("12345")).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
            (await SendAsync("nobody")).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

            Task<ApiAnswer> SendAsync(string user) => Api.SendAsync(method, path + user, null, person.Token);
        }
    }

    private async Task<IEnumerable<(string User, string State)>> FriendsOfAsync(Person person) =>
        (await Api.GetAsync("/v1/friends", person.Token)).ShouldBe(HttpStatusCode.OK).Json.Array("friends")
            .Select(friend => (friend.String("user_id"), friend.String("state")));
}
