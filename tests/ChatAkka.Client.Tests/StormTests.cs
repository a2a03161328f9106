using ChatAkka.Client.Events;
using ChatAkka.Client.Tests.Support;

namespace ChatAkka.Client.Tests;

/// <summary>Whatever happens to the connections, the stream has every event once and in order, and every send is stored once.</summary>
public sealed class StormTests
{
    private static readonly string[] Channels = ["5", "6", "7"];

    [Theory]
    [InlineData(false, 4)]
    [InlineData(false, 1000)]
    [InlineData(true, 4)]
    [InlineData(true, 1000)]
    public async Task Stream_is_complete_and_every_send_is_stored_once(bool leavesOut, int buffer)
    {
        for (var round = 0; round < 12; round++)
        {
            await RunAsync(Random.Shared.Next(), leavesOut, buffer);
        }
    }

    private static async Task RunAsync(int seed, bool leavesOut, int buffer)
    {
        var random = new Random(seed);
        var time = new ManualTime();
        var server = new ModelServer(new Random(seed));
        Dictionary<string, List<ChannelEvent>> seen = Channels.ToDictionary(c => c, _ => new List<ChannelEvent>());
        List<Task<SentMessage>> sends = [];
        await using var client = new ChatClient(
            new ChatClientOptions
            {
                Token = "t",
                Url = new Uri("ws://a/v1/ws"),
                Time = time,
                Random = new Random(seed),
                EventBuffer = buffer,
                GapPatience = TimeSpan.FromMilliseconds(500),
                MaxInFlight = 4,
            },
            server);
        _ = client.ConnectAsync();
        var reading = ReadAsync();

        for (var step = 0; step < 300; step++)
        {
            var channel = Channels[random.Next(Channels.Length)];
            switch (random.Next(10))
            {
                case < 3:
                    server.Post(channel, leavesOut && random.Next(4) == 0);
                    break;
                case < 5:
                    server.Deliver(random.Next(5));
                    break;
                case < 8:
                    sends.Add(client.SendAsync(channel, "own"));
                    break;
                case 8 when random.Next(4) == 0:
                    server.Cut();
                    break;
                default:
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
                    await Task.Yield();
                    break;
            }
        }

        foreach (var channel in Channels)
        {
            server.Post(channel, leaveOut: false); // what was left out shows only when something comes after it
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var step = 0; step < 8_000 && !IsDone(); step++)
        {
            server.Deliver(100);
            time.Advance(TimeSpan.FromMilliseconds(100));
            await timer.WaitForNextTickAsync();
        }

        foreach (var channel in Channels)
        {
            lock (seen)
            {
                seen[channel].Select(e => e.Id).ShouldBe(Frames.Ids(1, server.Log(channel).Count), $"seed {seed}, channel {channel}");
            }
        }

        var sent = await Task.WhenAll(sends).Within($"all sends (seed {seed})");
        sent.Select(s => (s.Channel, s.Id)).ShouldBeUnique();
        Channels.Sum(c => server.Log(c).Count(id => id.Length > 0)).ShouldBe(sends.Count, $"seed {seed}");
        await client.DisposeAsync();
        await reading.Within("the end of the stream");

        bool IsDone()
        {
            lock (seen)
            {
                return sends.All(s => s.IsCompleted) && Channels.All(c => seen[c].Count >= server.Log(c).Count);
            }
        }

        async Task ReadAsync()
        {
            await foreach (var e in client.Events)
            {
                if (e is ChannelEvent ce)
                {
                    lock (seen)
                    {
                        seen[ce.Channel].Add(ce);
                    }
                }
            }
        }
    }
}
