using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Push.Dispatching;
using ChatAkka.Push.Tests.Support;

namespace ChatAkka.Push.Tests.Dispatching;

/// <summary>A dispatcher among fakes, with a clock that the test moves.</summary>
public abstract class DispatcherTest : IAsyncLifetime
{
    private protected static readonly ChannelId Group = new("7001");

    private readonly List<PushDispatcher> _dispatchers = [];
    private AnnouncedOutbox? _announced;

    private protected ManualTime Time { get; } = new();

    private protected FakeOutbox Outbox { get; } = new();

    private protected FakeSender Sender { get; } = new();

    private protected FakeFacts Facts { get; } = new();

    private protected LoggedLines<PushDispatcher> Log { get; } = new();

    private protected PushOptions Options { get; set; } = new()
    {
        FirstRetryMs = 1_000,
        LongestRetryMs = 8_000,
        MaxAttempts = 4,
        ConcurrentSends = 3,
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Outbox.IsDown = false;
        foreach (var dispatcher in _dispatchers)
        {
            await dispatcher.StopAsync(CancellationToken.None).Within("the dispatcher to stop");
            dispatcher.Dispose();
        }

        Sender.Doubled.ShouldBeFalse("no push is sent twice at a time");
        Sender.Most.ShouldBeLessThanOrEqualTo(Options.ConcurrentSends * _dispatchers.Count);
    }

    /// <summary>How long a claim is that nobody ends: a multiple of the time between two looks.</summary>
    private protected TimeSpan Claim => TimeSpan.FromMilliseconds(Options.Webhook.TimeoutMs + 60_000);

    /// <summary>Starts a dispatcher, which hears of what is put in from then on. As one of a node of its own: of another, or of the same
    /// after a restart.</summary>
    private protected async Task<PushDispatcher> StartAsync()
    {
        _announced = new AnnouncedOutbox(Outbox);
        var queue = Outbox.QueueOf($"node {_dispatchers.Count + 1}");

        // Never less than the full wait.
        var backoff = new Backoff(Options, new NoChance());
        var dispatcher = new PushDispatcher(_announced, queue, new PushComposer(Facts, Options), Sender, Options, backoff, Time, Log);
        _dispatchers.Add(dispatcher);
        await dispatcher.StartAsync(CancellationToken.None);
        return dispatcher;
    }

    /// <summary>A message comes for each of these users.</summary>
    private protected Task AddAsync(params int[] users) =>
        (_announced ?? (IPushOutbox)Outbox).AddAsync(
            [.. users.Select(user => new PushRequest(new UserId($"{user}"), Group, 17, Time.Ms))], CancellationToken.None);

    private protected Task RowsBecome(params string[] rows) => Outbox.Becomes(
        outbox => outbox.Rows.SequenceEqual(rows), $"the outbox to be [{string.Join("; ", rows)}]");

    /// <summary>Moves the clock to when something is due, once the dispatcher waits for it.</summary>
    private protected async Task PassAsync(int milliseconds)
    {
        var wait = TimeSpan.FromMilliseconds(milliseconds);
        await Time.TimerIn(wait);
        Time.Advance(wait);
    }

    /// <summary>Lets so much time pass, to the last moment of which the one dispatcher that there is has nothing to do but to look.</summary>
    private protected async Task PollAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= PushDispatcher.PollEvery)
        {
            await PassAsync((int)PushDispatcher.PollEvery.TotalMilliseconds);
        }
    }

    private sealed class NoChance() : Random(0)
    {
        public override double NextDouble() => 0;
    }
}
