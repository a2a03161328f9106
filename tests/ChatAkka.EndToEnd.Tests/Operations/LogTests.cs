using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Operations;

/// <summary>What is nobody's business isn't in the log, whatever it is asked to tell.</summary>
public sealed class LogTests : EndToEndTest
{
    [Fact]
    public async Task Log_of_every_detail_tells_no_token_no_password_and_no_text()
    {
        const string password = "correct horse battery";
        var server = await StartServerAsync(ServerSettings.Unlimited
            .With("Logging:LogLevel:Default", "Trace")
            .With("Logging:LogLevel:Microsoft.AspNetCore", "Trace")
            .With("Logging:LogLevel:Microsoft.Hosting", "Trace"));
        var user = await Api.SignUpAsync("talkative", password);
        var token = (await Api.LogInAsync("talkative", password)).String("token");
        server.Log.Keep("a wrong password");
        var device = new { name = "phone", platform = "test" };
        await Api.PostAsync("/v1/sessions", new { username = "talkative", password = "a wrong password", device });
        var ben = await MeetAsync("ben");
        var (phone, bens) = (await ConnectAsync(token), await ConnectAsync(ben));
        var channel = (await phone.PostToAsync(ben.UserId, "c1", "a text for ben alone")).Json.String("channel");
        await bens.TakeMessageAsync(channel, "a text for ben alone");
        (await phone.TryPostToAsync(ben.UserId, "c2", "a text with a nul \0")).ShouldBeError("text_invalid");
        await Api.PostMessageAsync(ben, channel, "c1", "a text over http");
        (await Api.ReadAllAsync(ben, channel)).Count.ShouldBe(2);
        (await Api.GetAsync("/v1/users/me", "no token of anybody")).ShouldBe(HttpStatusCode.Unauthorized);
        server.Log.Keep("a frame that is no json");
        await phone.SendTextAsync("{ a frame that is no json");
        (await phone.ClosedAsync()).Code.ShouldBe(4400);
        await server.RestartAsync();
        await ConnectAsync(token);

        // What is checked is checked at the end, as in every test; this makes sure that there was something to check.
        await Wait.UntilAsync("the log tells details", () => server.Log.Text.Contains("dbug:") && server.Log.Text.Contains("trce:"));
        user.ShouldNotBeEmpty();
    }
}
