using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>The actor of a region: the parent of its shards, and of what does not lie on the way of the messages.</summary>
internal sealed class ShardRegionActor(ShardRegion region) : ActorBase
{
    // An entity is passivated after between one and one and a half times its time.
    private const int SweepsPerIdleTime = 4;

    private readonly HashSet<LocalShard> _handingOff = [];
    private ICancelable? _sweeps;
    private ICancelable? _handOffTimeout;
    private TimeSpan _sweepInterval;
    private bool _shuttingDown;

    protected override void PreStart()
    {
        var idle = region.Settings.PassivateIdleEntityAfter;
        if (idle > TimeSpan.Zero)
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
                Sender.Tell(new ShardRegionStats(region.LocalShards.ToImmutableDictionary(s => s.Id, s => s.Count), []), region.Ref);
                return true;
            case GetShardRegionState:
                Sender.Tell(region.State(), region.Ref);
                return true;
            case GracefulShutdown:
                ShutDown();
                return true;
            case HandedOff handedOff:
                _handingOff.Remove(handedOff.Shard);
                StopIfHandedOff();
                return true;
            case HandOffTimedOut:
                Context.Stop(Self);
                return true;
            default:
                return false;
        }
    }

    protected override void PostStop()
    {
        _sweeps?.Cancel();
        _handOffTimeout?.Cancel();
        region.Stopped();
    }

    private void PassivateIdle()
    {
        region.Now = unchecked((int)(Context.System.Scheduler.MonotonicClock / _sweepInterval));
        foreach (var shard in region.LocalShards)
        {
            // One more than the idle time: an entity's stamp is that of the sweep before its last message.
            shard.PassivateIdle(region.Now, SweepsPerIdleTime + 1, region.HandOffStopMessage);
        }
    }

    private void ShutDown()
    {
        if (_shuttingDown)
            return;

        _shuttingDown = true;
        _handOffTimeout = Context.System.Scheduler.ScheduleTellOnceCancelable(
            region.Settings.TuningParameters.HandOffTimeout, Self, HandOffTimedOut.Instance, Self);
        foreach (var shard in region.Close())
        {
            if (!shard.HandOff(region.HandOffStopMessage))
                _handingOff.Add(shard);
        }

        StopIfHandedOff();
    }

    private void StopIfHandedOff()
    {
        if (_shuttingDown && _handingOff.Count == 0)
            Context.Stop(Self);
    }

    /// <summary>All entities of a shard have stopped.</summary>
    internal sealed record HandedOff(LocalShard Shard);

    private sealed class Sweep : INotInfluenceReceiveTimeout
    {
        public static readonly Sweep Instance = new();
    }

    private sealed class HandOffTimedOut
    {
        public static readonly HandOffTimedOut Instance = new();
    }
}

/// <summary>The reference to a region that applications hold: its actor's in every respect, but that it delivers messages itself.</summary>
internal sealed class ShardRegionRef(ActorSystemImpl system, ShardRegion region, ActorCell cell) : MinimalActorRef(system)
{
    public override ActorPath Path => cell.Path;

    public override IInternalActorRef? Parent => cell.Parent;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();

        region.Tell(message, sender);
    }

    public override void SendSystemMessage(SystemMessage message) => cell.SendSystemMessage(message);

    public override void Stop() => cell.Stop();
}
