using System.Collections.Concurrent;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Server.Recovery;

/// <summary>
/// Takes back what dead nodes had recorded of themselves: of those that it is told of at once, of others when their leases have ended. Every
/// node does, so that nobody need be chosen for it; the store gives each record to one of them.
/// </summary>
/// <param name="reviewAfter">How long users who were online at a dead node have to come back before they are looked after; null if nobody
/// is.</param>
internal sealed partial class NodeRecovery(
    NodeLease mine,
    INodeLeases leases,
    INodeRecords records,
    StorageOptions options,
    TimeSpan? reviewAfter,
    IEnumerable<DeliveryRecovery> deliveries,
    TimeProvider time,
    ILogger<NodeRecovery> log) : BackgroundService, INodeRecovery
{
    private readonly Signal _signal = new();

    // Bounded by the nodes that there are: a holder leaves when it has been seen to.
    private readonly ConcurrentDictionary<string, bool> _died = new();

    private Outage _outage;

    private static long GraceMs(StorageOptions options) => options.NodeLeaseSeconds * 500L;

    /// <summary>What a node does at its start, before anybody connects to it.</summary>
    /// <param name="isAlone">No other node has the store open.</param>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    public static async Task AtStartAsync(
        ChatStore store, NodeLease mine, bool isAlone, StorageOptions options, TimeSpan? reviewAfter, TimeProvider time)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var dead = DeadNodes.AtStart(
            await store.Leases.ListAsync(CancellationToken.None), mine, isAlone, now, GraceMs(options));
        await store.Records.RecoverAsync(dead, now + (long?)reviewAfter?.TotalMilliseconds, CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Died(string holder)
    {
        _died[holder] = true;
        _signal.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var period = TimeSpan.FromSeconds(options.NodeLeaseSeconds / 3.0);
        await using var timer = time.CreateTimer(_ => _signal.Set(), null, period, period);
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
            // The node stops.
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        string[] died = [.. _died.Keys];
        try
        {
            await RecoverAsync(died, stop);
            foreach (var holder in died)
            {
                _died.TryRemove(holder, out _);
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

    private async Task RecoverAsync(string[] died, CancellationToken stop)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var dead = DeadNodes.Among(await leases.ListAsync(stop), mine, died, now, GraceMs(options));
        if (dead.Count > 0)
        {
            // Most have long been seen to: a lease's row stays.
            var withRecords = await records.ListAsync(stop);
            dead = [.. dead.Where(node => withRecords.Contains(node.Node) || died.Contains(node.Holder))];
        }

        if (dead.Count > 0)
        {
            var offline = await records.RecoverAsync(dead, now + (long?)reviewAfter?.TotalMilliseconds, stop);
            Recovered(string.Join(", ", dead.Select(node => node.Node)), offline);
        }

        if (dead.Count > 0 || died.Length > 0)
        {
            foreach (var delivery in deliveries)
            {
                delivery.ResumeAll();
            }
        }
    }

    [LoggerMessage(4010, LogLevel.Information, "Took over from dead nodes (numbers {Nodes}); {Users} users were online there only.")]
    private partial void Recovered(string nodes, int users);

    [LoggerMessage(4011, LogLevel.Warning, "What dead nodes left can't be taken over now, and is tried again.")]
    private partial void Failed(Exception reason);

    [LoggerMessage(4012, LogLevel.Error, "Taking over from dead nodes failed, and is tried again.")]
    private partial void Faulted(Exception fault);
}
