namespace Akka.Cluster.Sharding;

/// <summary>Limits of a shard region and of its coordinator. Immutable: the <c>With…</c> methods return changed copies.</summary>
public class TuningParameters
{
    internal static readonly TuningParameters Default = new();

    /// <summary>Around how long a coordinator waits before it tries again to load or to store its state.</summary>
    public readonly TimeSpan CoordinatorFailureBackoff = TimeSpan.FromSeconds(5);

    /// <summary>How often a region repeats to the coordinator, and that to regions, what has not been answered.</summary>
    public readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many messages a region holds, over all its entities that are being passivated and all shards whose home is not known; what comes
    /// after goes to dead letters.
    /// </summary>
    public readonly int BufferSize = 100_000;

    /// <summary>
    /// How long a hand-off may take. In a cluster entities have 5 s less to stop by themselves; then they are stopped without their
    /// consent.
    /// </summary>
    public readonly TimeSpan HandOffTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How often the coordinator looks whether shards should move.</summary>
    public readonly TimeSpan RebalanceInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long a coordinator waits for the other nodes when it loads its state, before it asks them again.</summary>
    public readonly TimeSpan WaitingForStateTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a coordinator waits for the other nodes when it stores its state, before it tells them again.</summary>
    public readonly TimeSpan UpdatingStateTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How many shards move in one round of rebalancing at most.</summary>
    /// <remarks>20 rather than Akka.NET's 0, with which it moves shards as its first versions did.</remarks>
    public readonly int LeastShardAllocationAbsoluteLimit = 20;

    /// <summary>What part of all shards moves in one round of rebalancing at most.</summary>
    public readonly double LeastShardAllocationRelativeLimit = 0.1;

    private TuningParameters()
    {
    }

    private TuningParameters(
        TuningParameters from,
        TimeSpan? coordinatorFailureBackoff = null,
        TimeSpan? retryInterval = null,
        int? bufferSize = null,
        TimeSpan? handOffTimeout = null,
        TimeSpan? rebalanceInterval = null,
        TimeSpan? waitingForStateTimeout = null,
        TimeSpan? updatingStateTimeout = null,
        int? absoluteLimit = null,
        double? relativeLimit = null)
    {
        CoordinatorFailureBackoff = coordinatorFailureBackoff ?? from.CoordinatorFailureBackoff;
        RetryInterval = retryInterval ?? from.RetryInterval;
        BufferSize = bufferSize ?? from.BufferSize;
        HandOffTimeout = handOffTimeout ?? from.HandOffTimeout;
        RebalanceInterval = rebalanceInterval ?? from.RebalanceInterval;
        WaitingForStateTimeout = waitingForStateTimeout ?? from.WaitingForStateTimeout;
        UpdatingStateTimeout = updatingStateTimeout ?? from.UpdatingStateTimeout;
        LeastShardAllocationAbsoluteLimit = absoluteLimit ?? from.LeastShardAllocationAbsoluteLimit;
        LeastShardAllocationRelativeLimit = relativeLimit ?? from.LeastShardAllocationRelativeLimit;
    }

    public TuningParameters WithCoordinatorFailureBackoff(TimeSpan coordinatorFailureBackoff) =>
        new(this, coordinatorFailureBackoff: coordinatorFailureBackoff);

    public TuningParameters WithRetryInterval(TimeSpan retryInterval) => new(this, retryInterval: retryInterval);

    public TuningParameters WithBufferSize(int bufferSize) => new(this, bufferSize: bufferSize);

    public TuningParameters WithHandOffTimeout(TimeSpan handOffTimeout) => new(this, handOffTimeout: handOffTimeout);

    public TuningParameters WithRebalanceInterval(TimeSpan rebalanceInterval) => new(this, rebalanceInterval: rebalanceInterval);

    public TuningParameters WithWaitingForStateTimeout(TimeSpan waitingForStateTimeout) =>
        new(this, waitingForStateTimeout: waitingForStateTimeout);

    public TuningParameters WithUpdatingStateTimeout(TimeSpan updatingStateTimeout) =>
        new(this, updatingStateTimeout: updatingStateTimeout);

    public TuningParameters WithLeastShardAllocationAbsoluteLimit(int leastShardAllocationAbsoluteLimit) =>
        new(this, absoluteLimit: leastShardAllocationAbsoluteLimit);

    public TuningParameters WithLeastShardAllocationRelativeLimit(double leastShardAllocationRelativeLimit) =>
        new(this, relativeLimit: leastShardAllocationRelativeLimit);
}
