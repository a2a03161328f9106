using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>Guessing passwords and making accounts by the thousand: refused after a few, while everybody who is in goes on.</summary>
public sealed class LogInRateTests : BadInputTest
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Address_that_signs_up_and_logs_in_too_often_is_told_when_to_come_again()
    {
        await StartWithBystandersAsync(new ServerSettings().With("Limits:LogInsPerMinute", 3));
        await Api.SignUpAsync("somebody", Password);
        var token = (await Api.LogInAsync("somebody", Password)).String("token");
        (await LogInAsync("somebody", "a wrong password")).ShouldBeProblem(HttpStatusCode.Unauthorized, "bad_credentials");

        ShouldBeLimited(await LogInAsync("somebody", Password));
        ShouldBeLimited(await Api.PostAsync("/v1/users", new { username = "another", password = Password }));

        (await Api.GetAsync("/v1/users/me", token)).ShouldBe(HttpStatusCode.OK);
        await ConnectAsync(token);
    }

    [Fact]
    public async Task Account_whose_log_ins_fail_too_often_is_not_looked_at_for_a_while()
    {
        await StartWithBystandersAsync(ServerSettings.Unlimited.With("Limits:FailedLogInsPerAccount", 3));
        await Api.SignUpAsync("victim", Password);
        var token = (await Api.LogInAsync("victim", Password)).String("token");
        await Api.SignUpAsync("neighbour", Password);

        foreach (var username in new[] { "victim", "nobody_at_all" })
        {
            for (var i = 0; i < 3; i++)
            {
                (await LogInAsync(username, "a wrong password")).ShouldBeProblem(HttpStatusCode.Unauthorized, "bad_credentials");
            }

            ShouldBeLimited(await LogInAsync(username, "a wrong password"));
            ShouldBeLimited(await LogInAsync(username, Password));
        }

        await Api.LogInAsync("neighbour", Password);
        await ConnectAsync(token);
    }

    private static void ShouldBeLimited(ApiAnswer answer) =>
        answer.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited").Json.Number("retry_ms").ShouldBeGreaterThan(0);

    private Task<ApiAnswer> LogInAsync(string username, string password)
    {
        Server.Log.Keep(password);
        return Api.PostAsync("/v1/sessions", new { username, password, device = new { name = "phone", platform = "test" } });
    }
}
