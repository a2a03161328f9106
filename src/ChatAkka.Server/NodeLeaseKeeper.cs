using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Server;

/// <summary>
/// Keeps this process's node number leased for as long as it runs: renews at a third of the lease. A node whose number was given
/// to another stops: it would make ids that the other makes too.
/// </summary>
internal sealed partial class NodeLeaseKeeper(
    NodeLease lease, INodeLeases leases, StorageOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<NodeLeaseKeeper> log)
    : BackgroundService
{
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
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.NodeLeaseSeconds / 3.0), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RenewAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task RenewAsync(CancellationToken cancel)
    {
        try
        {
            if (await leases.RenewAsync(_lease, cancel) is { } renewed)
            {
                _lease = renewed;
                return;
            }

            LeaseLost(_lease.Node);
            lifetime.StopApplication();
        }
        catch (Domain.Timelines.StorageUnavailableException)
        {
            // An id that can't be stored can't be made twice either; when the store is back, the next renewal tells whether the number is
            // still ours.
        }
    }

    [LoggerMessage(2001, LogLevel.Critical, "Node number {Node} was given to another node, which will make the same ids: this node stops.")]
    private partial void LeaseLost(int node);
}
