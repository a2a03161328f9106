using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>A server with the limits that it has by default.</summary>
public sealed class DefaultLimits : ServerFixture
{
    private protected override ServerSettings Settings => new();
}

/// <summary>A server whose limits even a slow test reaches.</summary>
public sealed class LowLimits : ServerFixture
{
    private protected override ServerSettings Settings =>
        new ServerSettings().With("Limits:SocketRequestsPerSecond", 60).With("Limits:SocketBurst", 100);
}

/// <summary>More requests than a client may make.</summary>
public sealed class RateTests(DefaultLimits fixture) : BadInputTest(fixture), IClassFixture<DefaultLimits>
{
    [Fact]
    public async Task Flood_of_requests_is_limited_and_after_a_hundred_refusals_closed()
    {
        var people = await MeetAsync("offender", "ben");
        var client = await ConnectAsync(people[0]);

        for (var i = 0; i < 2_000 && !client.Closed.IsCompleted; i++)
        {
            try
            {
                await client.BeginAsync(new { op = "send", to = people[1].UserId, client_id = $"c{i}", text = $"flood number {i}" });
            }
            catch (System.Net.Sockets.SocketException)
            {
                break; // The server has cut it off.
            }
        }

        (await client.ClosedAsync()).ShouldBe(new Harness.Sockets.Closing(4429, "rate_limited"));
        var oks = client.Received.Count(f => f.Op == "ok");
        var limited = client.Received.Where(f => f.Op == "error").ToList();
        oks.ShouldBeGreaterThan(300);
        limited.ShouldNotBeEmpty();
        limited.ShouldAllBe(f => f.Code == "rate_limited" && f.Json.Number("retry_ms") > 0 && f.Ref != null);
        var channel = client.Received.First(f => f.Op == "ok" && f.Json.Has("channel")).Json.String("channel");
        var stored = await Api.ReadAllAsync(people[1], channel);
        stored.Count.ShouldBeInRange(490, 900, "the burst is served, and what the rate allows besides");
    }

    [Fact]
    public async Task Heartbeats_at_their_pace_are_never_limited()
    {
        var client = await ConnectAsync(await MeetAsync("beater"));

        for (var i = 0; i < 50; i++)
        {
            (await client.RequestAsync(new { op = "heartbeat" })).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Account_with_too_many_sockets_gets_no_more()
    {
        var person = await MeetAsync("hoarder");
        for (var i = 0; i < 64; i++)
        {
            await ConnectAsync(At(person, $"device-{i}"));
        }

        var client = await OpenAsync();

        (await client.RequestAsync(new { op = "hello", token = At(person, "one-too-many").Token })).ShouldBeError("rate_limited");
        (await client.ClosedAsync()).ShouldBe(new Harness.Sockets.Closing(4429, "rate_limited"));
    }
}

/// <summary>Requests at the edge of what a client may make.</summary>
public sealed class RetryAfterRefusalTests(LowLimits fixture) : BadInputTest(fixture), IClassFixture<LowLimits>
{
    [Fact]
    public async Task Client_that_waits_as_told_is_served_and_what_was_refused_was_not_stored()
    {
        var people = await MeetAsync("obedient", "ben");
        var client = await ConnectAsync(people[0]);
        var (refusals, channel) = (0, "");

        for (var i = 0; i < 300; i += 20)
        {
            var open = Enumerable.Range(i, 20).ToList();
            while (open.Count > 0)
            {
                List<(int Number, string Reference)> sent = [];
                foreach (var number in open)
                {
                    var request = new { op = "send", to = people[1].UserId, client_id = $"c{number}", text = $"text number {number}" };
                    sent.Add((number, await client.BeginAsync(request)));
                }

                open.Clear();
                long retryMs = 0;
                foreach (var (number, reference) in sent)
                {
                    var reply = await client.ReplyAsync(reference);
                    if (reply.Op == "ok")
                    {
                        channel = reply.Json.String("channel");
                        reply.Json.Has("duplicate").ShouldBeFalse();
                        continue;
                    }

                    reply.ShouldBeError("rate_limited");
                    retryMs = Math.Max(retryMs, reply.Json.Number("retry_ms"));
                    open.Add(number);
                    refusals++;
                }

                // What the server asked for; nothing is synchronised by it.
                using var retry = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, retryMs * Math.Max(1, open.Count))));
                await retry.WaitForNextTickAsync();
            }
        }

        refusals.ShouldBeGreaterThan(0, "the test was too slow to be limited");
        client.Closed.IsCompleted.ShouldBeFalse();
        var stored = (await Api.ReadAllAsync(people[1], channel)).Select(m => m.String("text"));
        stored.Order().ShouldBe(Enumerable.Range(0, 300).Select(i => $"text number {i}").Order());
    }
}
