using Akka.Actor;
using ChatAkka.Actors;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Server.Recovery;
using ChatAkka.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Server.Tests.Recovery;

/// <summary>Channels that have something to deliver and may be nowhere in memory are woken.</summary>
public sealed class DeliveryRecoveryTests : Akka.TestKit.Xunit2.TestKit, IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly FakeDeliveries _deliveries = new();
    private DeliveryRecovery _recovery = null!;

    public Task InitializeAsync()
    {
        _recovery = new DeliveryRecovery(_deliveries, new Region<ChannelRegion>(TestActor), _time, NullLogger<DeliveryRecovery>.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _recovery.StopAsync(CancellationToken.None).Within("the stop of the recovery");
        _recovery.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        _time.Timers.ShouldBe(0);
        _recovery.Dispose();
    }

    [Fact]
    public async Task All_channels_that_had_something_to_deliver_are_woken_at_the_start()
    {
        _deliveries.Add("31", ManualTime.Start - 5);
        _deliveries.Add("32", ManualTime.Start);

        await _recovery.StartAsync(CancellationToken.None);

        new[] { Answer(), Answer() }.ShouldBe(["31", "32"], ignoreOrder: true);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Channel_that_nobody_was_at_for_a_while_is_woken_later_and_no_other()
    {
        await _recovery.StartAsync(CancellationToken.None);
        await _deliveries.Asked("the start");
        _deliveries.Add("31", _time.Ms);
        await PassAsync(DeliveryRecovery.IdleAfter - DeliveryRecovery.Period);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));

        _time.Advance(DeliveryRecovery.Period);

        Answer().ShouldBe("31");
    }

    [Fact]
    public async Task All_are_woken_when_that_is_asked_for()
    {
        await _recovery.StartAsync(CancellationToken.None);
        await _deliveries.Asked("the start");
        _deliveries.Add("31", _time.Ms);

        _recovery.ResumeAll();

        Answer().ShouldBe("31");
    }

    [Fact]
    public async Task What_can_not_be_read_at_the_start_is_woken_later()
    {
        _deliveries.Add("31", ManualTime.Start);
        _deliveries.IsDown = true;
        await _recovery.StartAsync(CancellationToken.None);
        await _deliveries.Asked("the start");

        _deliveries.IsDown = false;
        _time.Advance(DeliveryRecovery.Period);

        Answer().ShouldBe("31");
    }

    private string Answer()
    {
        var resume = ExpectMsg<ResumeDelivery>(TimeSpan.FromSeconds(10));
        LastSender.Tell(DeliveryResumed.Instance);
        return resume.Channel.Value;
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += DeliveryRecovery.Period)
        {
            _time.Advance(DeliveryRecovery.Period);
            await _deliveries.Asked("a look");
        }
    }

    private sealed class FakeDeliveries : IDeliveryLog
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, long> _undelivered = [];
        private readonly SemaphoreSlim _asked = new(0);

        public volatile bool IsDown;

        public void Add(string channel, long at)
        {
            lock (_gate)
            {
                _undelivered[channel] = at;
            }
        }

        public Task Asked(string why) => _asked.WaitAsync().Within(why);

        public Task SettledAsync(ChannelId channel, long head, CancellationToken cancel) => throw new InvalidOperationException("nobody asks this");

        public Task<IReadOnlyList<ChannelId>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel)
        {
            lock (_gate)
            {
                string[] found = IsDown ? [] : [.. _undelivered.Where(entry => entry.Value <= before).Select(entry => entry.Key).Take(limit)];
                foreach (var channel in found)
                {
                    _undelivered[channel] = now;
                }

                if (found.Length == 0)
                {
                    _asked.Release();
                }

                return IsDown
                    ? Task.FromException<IReadOnlyList<ChannelId>>(new StorageUnavailableException("the disk is full"))
                    : Task.FromResult<IReadOnlyList<ChannelId>>([.. found.Select(channel => new ChannelId(channel))]);
            }
        }
    }
}
