using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The actor of a region: the parent of its shards, and of what does not lie on the way of the messages. It is all that a region needs whose
/// shards are all local; see <see cref="CoordinatedRegionActor"/> for the others.
/// </summary>
internal class ShardRegionActor(ShardRegion region) : ActorBase
{
    // An entity is passivated after between one and one and a half times its time.
    private const int SweepsPerIdleTime = 4;

    private readonly Dictionary<LocalShard, ICancelable> _stopping = [];
    private ICancelable? _sweeps;
    private TimeSpan _sweepInterval;

    protected ShardRegion Region => region;

    /// <summary>How long entities may take to stop before they are stopped without their consent.</summary>
    protected virtual TimeSpan StopTimeout => region.Settings.TuningParameters.HandOffTimeout;

    /// <summary>The region is to stop once it has no shards any more.</summary>
    protected bool IsShuttingDown { get; private set; }

    /// <summary>No shard is running, and none is being stopped.</summary>
    protected bool HasNoShards => _stopping.Count == 0 && !region.LocalShards.Any();

    protected override void PreStart()
    {
        var idle = region.Settings.PassivateIdleEntityAfter;
        if (idle > TimeSpan.Zero && !region.IsProxy)
        {
            _sweepInterval = idle / SweepsPerIdleTime;
            _sweeps = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                _sweepInterval, _sweepInterval, Self, Sweep.Instance, Self);
        }
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Sweep:
                PassivateIdle();
                return true;
            case GetShardRegionStats:
                Sender.Tell(Stats(), region.Ref);
                return true;
            case GetShardRegionState:
                var shards = Shards.Select(static shard => new ShardState(shard.Id, shard.EntityIds));
                Sender.Tell(new CurrentShardRegionState([.. shards], []), region.Ref);
                return true;
            case GetCurrentRegions or GetClusterShardingStats:
                AnswerForCluster((IShardRegionQuery)message);
                return true;
            case GracefulShutdown:
                if (!IsShuttingDown)
                {
                    IsShuttingDown = true;
                    ShutDown();
                }

                return true;
            case HandedOff handedOff:
                Context.Stop(handedOff.Shard.Cell);
                return true;
            case StopTimedOut timedOut:
                Context.Stop(timedOut.Shard.Cell);
                return true;
            default:
                return false;
        }
    }

    protected override void PostStop()
    {
        _sweeps?.Cancel();
        foreach (var timeout in _stopping.Values)
            timeout.Cancel();
        region.Stopped();
    }

    internal override void ChildStopped(ActorCell child)
    {
        foreach (var (shard, timeout) in _stopping)
        {
            if (shard.Cell != child)
                continue;
            timeout.Cancel();
            _stopping.Remove(shard);
            ShardStopped(shard.Id);
            return;
        }
    }

    /// <summary>Begins to end the region.</summary>
    protected virtual void ShutDown()
    {
        region.Close();
        foreach (var shard in region.LocalShards.ToList())
            StopShard(shard);
        StopIfEmpty();
    }

    /// <summary>The last entity of a shard has stopped, and its name is free.</summary>
    protected virtual void ShardStopped(string shardId) => StopIfEmpty();

    /// <summary>Answers what concerns the regions of all nodes: this is the only one.</summary>
    protected virtual void AnswerForCluster(IShardRegionQuery query)
    {
        var here = Cell.SystemImpl.Provider.DefaultAddress;
        Sender.Tell(
            query is GetCurrentRegions
                ? new CurrentRegions([here])
                : new ClusterShardingStats(ImmutableDictionary<Address, ShardRegionStats>.Empty.Add(here, Stats())),
            region.Ref);
    }

    /// <summary>Takes a shard out of the table and stops its entities, then its actor: see <see cref="ShardStopped"/>.</summary>
    protected void StopShard(LocalShard shard)
    {
        region.Forget(shard.Id);
        _stopping.Add(
            shard, Context.System.Scheduler.ScheduleTellOnceCancelable(StopTimeout, Self, new StopTimedOut(shard), Self));
        if (shard.HandOff(region.StopMessage))
            Context.Stop(shard.Cell);
    }

    private void StopIfEmpty()
    {
        if (IsShuttingDown && HasNoShards)
            Context.Stop(Self);
    }

    /// <summary>Also those that are being stopped: they still have entities.</summary>
    protected IEnumerable<LocalShard> Shards => region.LocalShards.Concat(_stopping.Keys);

    private ShardRegionStats Stats() => new(Shards.ToImmutableDictionary(static shard => shard.Id, static shard => shard.Count), []);

    private void PassivateIdle()
    {
        region.Now = unchecked((int)(Context.System.Scheduler.MonotonicClock / _sweepInterval));
        foreach (var shard in region.LocalShards)
        {
            // One more than the idle time: an entity's stamp is that of the sweep before its last message.
            shard.PassivateIdle(region.Now, SweepsPerIdleTime + 1, region.StopMessage);
        }
    }

    private sealed record StopTimedOut(LocalShard Shard);

    private sealed class Sweep : INotInfluenceReceiveTimeout
    {
        public static readonly Sweep Instance = new();
    }
}

/// <summary>All entities of a shard that is being handed off have stopped.</summary>
internal sealed record HandedOff(LocalShard Shard);

/// <summary>A message to a shard waits whose home isn't known.</summary>
internal sealed record HomeWanted(string ShardId);

/// <summary>The home that the region takes for a shard's seems not to be it.</summary>
internal sealed record HomeDoubted(string ShardId, RemoteShard Home);
