using ChatAkka.Domain.Discovery;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Logging;
using ChatAkka.Protocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// The one clock of all connections and their accounts: sweeps them every second. When the host stops it asks every client to leave
/// (1001), before any other part stops, gives them <c>Gateway:DrainSeconds</c>, and cuts who stays. A crowd is asked one after the other, so
/// that it doesn't come to the other nodes all at once.
/// </summary>
/// <param name="directories">Where this node is found; none if it is alone.</param>
internal sealed class ConnectionSweeper(
    IEnumerable<INodeDirectory> directories,
    ConnectionRegistry registry,
    AccountLimits accounts,
    GatewayOptions options,
    TimeProvider time,
    ILogger<ConnectionSweeper> log)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    // In every poll: so many leave within a second without anybody minding.
    private const int FewAtOnce = 10;
    private volatile bool _draining;

    /// <summary>New sockets are refused.</summary>
    public bool IsDraining => _draining;

    /// <summary>Closes every socket; done when all are closed or the time is over.</summary>
    public async Task DrainAsync(TimeSpan atMost, CancellationToken cancel)
    {
        _draining = true;
        foreach (var directory in directories)
        {
            directory.BeginDraining();
        }

        var open = Open();
        if (open.Count == 0)
        {
            return;
        }

        GatewayLog.Draining(log, open.Count);

        // All have been asked when half of the time is over.
        var atOnce = Math.Max(FewAtOnce, (int)(open.Count * DrainPoll / (atMost / 2 + DrainPoll)) + 1);
        var asked = 0;
        var start = time.GetTimestamp();
        using var timer = new PeriodicTimer(DrainPoll, time);
        while (open.Exists(IsOpen) && time.GetElapsedTime(start) < atMost && !cancel.IsCancellationRequested)
        {
            for (var last = Math.Min(asked + atOnce, open.Count); asked < last; asked++)
            {
                open[asked].Close(CloseCode.GoingAway);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        var left = open.FindAll(IsOpen);
        left.ForEach(static connection => connection.Abort());
        GatewayLog.Drained(log, left.Count);
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        DrainAsync(TimeSpan.FromSeconds(options.DrainSeconds), cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    private void Sweep()
    {
        try
        {
            var now = time.GetTimestamp();
            registry.Sweep(now);
            accounts.Sweep(now);
        }
        catch (Exception fault)
        {
            GatewayLog.SweepFault(log, fault);
        }
    }

    private List<Connection> Open() => [.. registry.All<Connection>().Where(IsOpen)];

    private static bool IsOpen(Connection connection) => connection.State != ConnectionState.Finished;
}
