using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>A server where an account may hardly do anything, but what its sockets may do isn't limited.</summary>
public sealed class LowAccountLimits : ServerFixture
{
    private protected override ServerSettings Settings =>
        ServerSettings.Unlimited.With("Limits:AccountRequestsPerSecond", 1).With("Limits:AccountBurst", 10);
}

/// <summary>More requests than an account may make, over all its sockets and HTTP. Without bystanders: they would be too many too.</summary>
public sealed class AccountRateTests(LowAccountLimits fixture) : EndToEndTest(fixture), IClassFixture<LowAccountLimits>
{
    [Fact]
    public async Task Account_that_asks_too_much_is_limited_wherever_it_asks_and_others_are_not()
    {
        var people = await MeetAsync("offender", "ben");
        var (phone, laptop) = (await ConnectAsync(people[0]), await ConnectAsync(At(people[0], "laptop")));
        for (var i = 0; i < 10; i++)
        {
            await (i % 2 == 0 ? phone : laptop).RequestAsync(new { op = "nonsense" });
        }

        // A token comes back each second, for one of them.
        var limited = new HashSet<string>();
        for (var i = 0; i < 30 && limited.Count < 3; i++)
        {
            foreach (var (name, client) in new[] { ("phone", phone), ("laptop", laptop) })
            {
                var reply = await client.RequestAsync(new { op = "nonsense" });
                if (reply.Code == "rate_limited")
                {
                    reply.Json.Number("retry_ms").ShouldBeInRange(1, 1_000);
                    limited.Add(name);
                }
            }

            var answer = await Api.GetAsync("/v1/users/me", people[0].Token);
            if (answer.Status != HttpStatusCode.OK)
            {
                answer.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited").Json.Number("retry_ms").ShouldBeInRange(1, 1_000);
                limited.Add("http");
            }
        }

        limited.ShouldBe(["phone", "laptop", "http"], ignoreOrder: true);
        (await phone.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
        (await Api.GetAsync("/v1/users/me", people[1].Token)).ShouldBe(HttpStatusCode.OK);
        await (await ConnectAsync(people[1])).PostToAsync(people[0].UserId, "c1", "are you busy?");
    }
}
