using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>A server whose channels and users leave memory as soon as they can.</summary>
public sealed class Forgetful : ServerFixture
{
    private protected override ServerSettings Settings =>
        ServerSettings.Unlimited.With("Chat:PassivateAfterSeconds", 1).With("Chat:SyncQueueLength", 4);
}

/// <summary>Leaving memory loses nothing: neither messages on their way nor what was known of them.</summary>
public sealed class PassivationTests(Forgetful fixture) : EndToEndTest(fixture), IClassFixture<Forgetful>
{
    private const int Rounds = 6;

    [Fact]
    public async Task Chat_at_the_pace_of_passivation_loses_nothing()
    {
        // Around the second after which a channel leaves, so that some message meets it in every stage of leaving.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ChatAsync(TimeSpan.FromMilliseconds(940 + 10 * i))));
    }

    private async Task ChatAsync(TimeSpan pace)
    {
        var people = await MeetAsync("anna", "ben");
        var ben = await ConnectAsync(people[1]);
        using var timer = new PeriodicTimer(pace);
        var channel = "";
        for (var i = 0; i < Rounds; i++)
        {
            // Anna comes and goes, so that her user leaves memory too.
            var anna = await ConnectAsync(people[0]);
            var ok = await anna.PostToAsync(people[1].UserId, $"c{i}", $"round {i}");
            ok.Id.ShouldBe(2 + i);
            channel = ok.Json.String("channel");
            (await anna.PostToAsync(people[1].UserId, $"c{i}", $"round {i}")).Json.Bool("duplicate").ShouldBeTrue();
            (await ben.TakeMessageAsync(channel, $"round {i}")).Id.ShouldBe(ok.Id);
            await anna.CloseAsync();
            await timer.WaitForNextTickAsync();
        }

        var again = await ConnectAsync(people[1], new Dictionary<string, string> { [channel] = "0" });
        again.Syncs.ShouldHaveSingleItem().Json.Array("events").Length.ShouldBe(1 + Rounds);
    }
}
