using ChatAkka.Domain.Identity;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Server;

/// <summary>
/// Keeps this process's node number leased for as long as it runs: renews at a third of the lease, and while that fails every second, so that
/// no other node that the store answers again takes this one for dead. A node whose number was given to another stops: it would make ids
/// that the other makes too. One that can't renew makes no ids beyond its lease.
/// </summary>
internal sealed partial class NodeLeaseKeeper(
    NodeLease lease,
    INodeLeases leases,
    SnowflakeGenerator ids,
    StorageOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<NodeLeaseKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private NodeLease _lease = lease;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await leases.ReleaseAsync(_lease, cancellationToken);
        }
        catch (Exception e) when (e is Domain.Timelines.StorageUnavailableException or OperationCanceledException)
        {
            // It ends by itself.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var third = TimeSpan.FromSeconds(options.NodeLeaseSeconds / 3.0);
        using var timer = new PeriodicTimer(third, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var next = await TryRenewAsync(stoppingToken) || third < Again ? third : Again;
                if (timer.Period != next)
                {
                    timer.Period = next;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <returns>False if the store could not answer.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken cancel)
    {
        try
        {
            if (await leases.RenewAsync(_lease, cancel) is { } renewed)
            {
                (_lease, ids.ValidUntil) = (renewed, renewed.ExpiresAt);
                return true;
            }

            LeaseLost(_lease.Node);
            lifetime.StopApplication();
            return true;
        }
        catch (Domain.Timelines.StorageUnavailableException)
        {
            // When the store is back, the next renewal tells whether the number is still ours.
            return false;
        }
    }

    [LoggerMessage(2001, LogLevel.Critical, "Node number {Node} was given to another node, which will make the same ids: this node stops.")]
    private partial void LeaseLost(int node);
}
