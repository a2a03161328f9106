using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Server;

/// <summary>
/// After a start: what the last run left behind between a message and its push. Channels whose members may not have heard of everything ask them again; users who were online
/// when the run ended, and whom no device brings back in time, are looked after. Both are told once, a few at a time; whatever is
/// interrupted here is there at the next start again.
/// </summary>
internal sealed partial class PushRecovery(
    IDeliveryLog deliveries,
    IReadOnlyList<UserId> wereOnline,
    TimeSpan onlineFor,
    IRequiredActor<ChannelRegion> channels,
    IRequiredActor<UserRegion> users,
    TimeProvider time,
    ILogger<PushRecovery> log) : BackgroundService
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var undelivered = await deliveries.ListAsync(stoppingToken);
            Resuming(log, undelivered.Count, wereOnline.Count);
            await Parallel.ForEachAsync(undelivered, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, ResumeAsync);
            await Task.Delay(onlineFor, time, stoppingToken);
            foreach (var chunk in wereOnline.Chunk(AtOnce))
            {
                foreach (var user in chunk)
                {
                    users.ActorRef.Tell(new ReviewAbsence(user), ActorRefs.NoSender);
                }

                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
        catch (StorageUnavailableException e)
        {
            Failed(log, e);
        }
    }

    private async ValueTask ResumeAsync(ChannelId channel, CancellationToken cancel)
    {
        try
        {
            await channels.ActorRef.Ask<DeliveryResumed>(new ResumeDelivery(channel), Patience, cancel);
        }
        catch (AskTimeoutException e)
        {
            Failed(log, e);
        }
    }

    [LoggerMessage(4000, LogLevel.Information, "Resuming the delivery of {Channels} channels; {Users} users were online when the program ended.")]
    private static partial void Resuming(ILogger log, int channels, int users);

    [LoggerMessage(4001, LogLevel.Warning, "What the last run left to deliver could not be resumed; the next start tries again.")]
    private static partial void Failed(ILogger log, Exception reason);
}
