using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Server.Recovery;

/// <summary>
/// Wakes channels that have something to deliver and may be nowhere in memory: all of them after a start and after a node has died; else
/// those that nobody has been at for a while, because their node gave them away or put them to sleep. A channel that is awake asks its members
/// who haven't acknowledged everything. Nodes share the work; what is interrupted is taken up again.
/// </summary>
internal sealed partial class DeliveryRecovery(
    IDeliveryLog deliveries, IRequiredActor<ChannelRegion> channels, TimeProvider time, ILogger<DeliveryRecovery> log) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>How long a channel that is awake may take.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(60);

    private const int ChannelsAtOnce = 32;
    private const int ChannelsARead = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Signal _signal = new();

    // Not 0: the next look wakes all.
    private int _all = 1;
    private Outage _outage;

    /// <summary>Wakes all that have something to deliver; soon.</summary>
    public void ResumeAll()
    {
        Volatile.Write(ref _all, 1);
        _signal.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => _signal.Set(), null, Period, Period);
        _signal.Set();
        try
        {
            while (true)
            {
                await _signal.WaitAsync(stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var all = Interlocked.Exchange(ref _all, 0);
        var done = false;
        try
        {
            done = await ResumeAsync(all != 0 ? TimeSpan.Zero : IdleAfter, stop);
            _outage.Ends();
        }
        catch (StorageUnavailableException e)
        {
            if (_outage.Begins())
            {
                Failed(e);
            }
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            Faulted(fault);
        }

        if (all != 0 && !done)
        {
            Volatile.Write(ref _all, 1);
        }
    }

    /// <returns>False if channels did not answer.</returns>
    private async Task<bool> ResumeAsync(TimeSpan idleFor, CancellationToken stop)
    {
        var before = Now() - (long)idleFor.TotalMilliseconds;
        while (true)
        {
            var found = await deliveries.TakeUpAsync(before, Math.Max(Now(), before + 1), ChannelsARead, stop);
            if (found.Count == 0)
            {
                return true;
            }

            Resuming(found.Count);
            var silent = 0;
            await Parallel.ForEachAsync(
                found,
                new ParallelOptions { MaxDegreeOfParallelism = ChannelsAtOnce, CancellationToken = stop },
                async (channel, cancel) =>
                {
                    if (!await ResumeAsync(channel, cancel))
                    {
                        Interlocked.Increment(ref silent);
                    }
                });
            if (silent > 0)
            {
                Silent(silent);
                return false;
            }
        }
    }

    private async ValueTask<bool> ResumeAsync(ChannelId channel, CancellationToken cancel)
    {
        try
        {
            await channels.ActorRef.Ask<DeliveryResumed>(new ResumeDelivery(channel), Patience, cancel);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(4000, LogLevel.Information, "Resuming the delivery of {Channels} channels.")]
    private partial void Resuming(int channels);

    [LoggerMessage(4001, LogLevel.Warning, "Which channels have something to deliver can't be read now; it is tried again.")]
    private partial void Failed(Exception reason);

    [LoggerMessage(4002, LogLevel.Error, "Resuming deliveries failed, and is tried again.")]
    private partial void Faulted(Exception fault);

    [LoggerMessage(4003, LogLevel.Warning, "{Channels} channels that have something to deliver did not answer; they are asked again.")]
    private partial void Silent(int channels);
}
