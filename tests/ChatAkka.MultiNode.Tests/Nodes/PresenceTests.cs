using System.Diagnostics;
using ChatAkka.Client.Events;
using ChatAkka.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Nodes;

/// <summary>Who is there is seen on every node.</summary>
public sealed class PresenceTests(PlainCluster cluster, ITestOutputHelper output) : ClusterTest(cluster), IClassFixture<PlainCluster>
{
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(2);

    [SkippableFact]
    public async Task Coming_and_logging_out_are_seen_on_another_node_within_two_seconds()
    {
        var anna = await MeetAsync("anna", Nodes[0]);
        var subject = $"ben-{Guid.NewGuid():N}";
        var started = Stopwatch.GetTimestamp();
        var ben = await ConnectAsync(Tokens.Mint(subject, "phone", "ben"), Nodes[1]);
        await ben.Chat.SendToAsync(anna.UserId, "hello").Within("an ok");
        await WatchOnlineAsync(anna, ben.UserId);
        Told("there", started);

        started = Stopwatch.GetTimestamp();
        await ben.Http.LogOutAsync();
        await anna.SeesAsync<PresenceChanged>("that he has gone", e => e.User == ben.UserId && !e.Online);
        Told("gone", started);

        started = Stopwatch.GetTimestamp();
        anna.Forget();
        await ConnectAsync(Tokens.Mint(subject, "laptop", "ben"), Nodes[2]);
        await anna.SeesAsync<PresenceChanged>("that he is back, on yet another node", e => e.User == ben.UserId && e.Online);
        Told("back", started);
    }

    [SkippableFact]
    public async Task Device_on_a_second_node_keeps_a_user_there_when_the_first_goes()
    {
        var anna = await MeetAsync("anna", Nodes[0]);
        var subject = $"ben-{Guid.NewGuid():N}";
        var phone = await ConnectAsync(Tokens.Mint(subject, "phone", "ben"), Nodes[1]);
        var laptop = await ConnectAsync(Tokens.Mint(subject, "laptop", "ben"), Nodes[2]);
        await phone.Chat.SendToAsync(anna.UserId, "hello").Within("an ok");
        await WatchOnlineAsync(anna, phone.UserId);

        await phone.Http.LogOutAsync();
        await phone.StoppedAsync();
        await Task.Delay(Seen); // by when it would be seen
        (await anna.Chat.WatchAsync([phone.UserId]).Within("an ok")).ShouldHaveSingleItem().Online.ShouldBeTrue();
        anna.HasSeen<PresenceChanged>(e => !e.Online).ShouldBeFalse();
        await laptop.Http.LogOutAsync();

        await anna.SeesAsync<PresenceChanged>("that he has gone", e => e.User == phone.UserId && !e.Online);
    }

    /// <summary>Begins to watch somebody who is there, or will be seen to be.</summary>
    private static async Task WatchOnlineAsync(Guest watcher, string user)
    {
        if (!(await watcher.Chat.WatchAsync([user]).Within("an ok")).ShouldHaveSingleItem().Online)
        {
            await watcher.SeesAsync<PresenceChanged>("that somebody is there", e => e.User == user && e.Online);
        }
    }

    private void Told(string what, long since)
    {
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"{what} after {took.TotalMilliseconds:0} ms");
        took.ShouldBeLessThan(Seen);
    }
}
