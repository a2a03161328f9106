using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Server.Recovery;

/// <summary>
/// Has users looked after who were online when their node ended, and whom no device has brought back in time. Nodes share them by claims; who
/// isn't seen to within a claim is asked about again, by whichever node.
/// </summary>
internal sealed partial class AbsenceReviewer(
    IAbsenceReviews reviews, IRequiredActor<UserRegion> users, TimeProvider time, ILogger<AbsenceReviewer> log) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private const int UsersAtOnce = 32;
    private const int UsersAClaim = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // All that one claim has may need their patience one after the other.
    private static readonly TimeSpan Claim = Patience * ((UsersAClaim / UsersAtOnce) + 1);

    private Outage _outage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
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
        try
        {
            while (await ReviewAsync(stop) == UsersAClaim)
            {
            }

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
    }

    /// <returns>How many were claimed.</returns>
    private async Task<int> ReviewAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)Claim.TotalMilliseconds;
        var due = await reviews.ClaimDueAsync(now, until, UsersAClaim, stop);
        if (due.Count == 0)
        {
            return 0;
        }

        Reviewing(due.Count);
        ConcurrentBag<UserId> done = [];
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce, CancellationToken = stop },
            async (user, cancel) =>
            {
                if (await ReviewAsync(user, cancel))
                {
                    done.Add(user);
                }
            });
        await reviews.DoneAsync(done, until, stop);
        return due.Count;
    }

    private async ValueTask<bool> ReviewAsync(UserId user, CancellationToken cancel)
    {
        try
        {
            await users.ActorRef.Ask<AbsenceSeenTo>(new ReviewAbsence(user), Patience, cancel);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    [LoggerMessage(4020, LogLevel.Information, "Looking after {Users} users who were online when their node ended.")]
    private partial void Reviewing(int users);

    [LoggerMessage(4021, LogLevel.Warning, "Who was online when their node ended can't be read now; it is tried again.")]
    private partial void Failed(Exception reason);

    [LoggerMessage(4022, LogLevel.Error, "Looking after users whose node ended failed, and is tried again.")]
    private partial void Faulted(Exception fault);
}
