using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The actor of a region that shares its shards with those of other nodes: it has its coordinator tell it where shards live, and moves them
/// as that says. Whom it takes for its coordinator is a matter of the subclass.
/// </summary>
/// <remarks>
/// Only what the registered coordinator itself says counts: one that was, or that is in another part of a torn cluster, may be wrong. Without a
/// coordinator the homes that are known stay.
/// </remarks>
internal abstract class CoordinatedRegionActor(ShardRegion region) : ShardRegionActor(region), IWithTimers
{
    private readonly Dictionary<string, HandOffOut> _handOffs = [];
    private readonly HashSet<IActorRef> _owners = [];
    private bool _isEmpty;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Null while there is none that knows this region.</summary>
    protected IActorRef? Coordinator { get; private set; }

    protected ILoggingAdapter Log => _log ??= Logging.GetLogger(Context);

    private ILoggingAdapter? _log;

    // The coordinator waits that much longer.
    protected override TimeSpan StopTimeout
    {
        get
        {
            var timeout = Region.Settings.TuningParameters.HandOffTimeout - TimeSpan.FromSeconds(5);
            return timeout > TimeSpan.FromSeconds(1) ? timeout : TimeSpan.FromSeconds(1);
        }
    }

    protected TimeSpan RetryInterval => Region.Settings.TuningParameters.RetryInterval;

    /// <summary>There is no other region that could take this one's shards.</summary>
    protected abstract bool IsAlone { get; }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case HomeWanted wanted:
                AskForHome(wanted.ShardId);
                return true;
            case HomeDoubted doubted:
                if (Region.Homes.GetValueOrDefault(doubted.ShardId) == doubted.Home)
                    Leave(doubted.ShardId, doubted.Home, null);
                return true;
            case RetryTick:
                Retry();
                return true;
            case Terminated terminated:
                OnTerminated(terminated.ActorRef);
                return true;
            case ShardLivesAt or BeginHandOff or HandOff or RegionIsEmpty:
                if (Coordinator is not null && Sender.Equals(Coordinator))
                    Obey(message);
                return true;
            default:
                return base.Receive(message) || IsForEntity(message);
        }
    }

    /// <summary>A coordinator knows this region.</summary>
    protected void Follow(IActorRef coordinator)
    {
        if (coordinator.Equals(Coordinator))
            return;
        Coordinator = coordinator;
        Context.Watch(coordinator);
        Retry();
    }

    /// <summary>There is no coordinator, or it is another one.</summary>
    protected void Unfollow()
    {
        if (Coordinator is null)
            return;
        if (!_owners.Contains(Coordinator))
            Context.Unwatch(Coordinator);
        Coordinator = null;
        _isEmpty = false;
    }

    protected override void ShutDown() => Retry();

    protected override void ShardStopped(string shardId)
    {
        if (_handOffs.Remove(shardId, out var handOff))
        {
            if (handOff.Coordinator is { } coordinator)
                coordinator.Tell(new ShardStopped(shardId, handOff.Round), Region.Ref);
            if (handOff.Next is { } next)
                Settle(shardId, next);
        }

        StopIfDone();
    }

    protected override void AnswerForCluster(IShardRegionQuery query)
    {
        if (Coordinator is not null)
            Coordinator.Forward(query);
        else
            Log.Warning("{0} can't be answered, since the region has no coordinator yet.", query);
    }

    protected virtual void OnTerminated(IActorRef actor)
    {
        if (!_owners.Remove(actor))
            return;
        foreach (var (shardId, home) in HomesOf<RemoteShard>())
        {
            if (home.Owner.Equals(actor))
                Leave(shardId, home, null);
        }
    }

    private void Obey(object message)
    {
        switch (message)
        {
            case ShardLivesAt livesAt:
                Settle(livesAt.ShardId, livesAt.Region);
                StopIfDone();
                break;
            case BeginHandOff begin:
                OnBeginHandOff(begin, Coordinator!);
                break;
            case HandOff handOff:
                OnHandOff(handOff);
                break;
            case RegionIsEmpty:
                _isEmpty = true;
                StopIfDone();
                break;
        }
    }

    // ---- where shards live

    private void Settle(string shardId, IActorRef owner)
    {
        var isHere = owner.Equals(Region.Ref);
        if (_handOffs.TryGetValue(shardId, out var handOff))
        {
            // Not before the last entity has stopped: it has earlier messages.
            handOff.Next = owner;
            return;
        }

        switch (Region.Homes.GetValueOrDefault(shardId))
        {
            case LocalShard when isHere:
            case RemoteShard remote when remote.Owner.Equals(owner):
                return;
            case LocalShard local:
                Log.Warning("Shard {0} is said to live at {1}, but lives here: it is stopped.", shardId, owner);
                Stop(local, new HandOffOut { Next = owner });
                return;
            case RemoteShard former:
                Region.Put(shardId, HomeAt(shardId, owner, isHere));
                former.Close(null);
                return;
            default:
                Region.Settle(shardId, HomeAt(shardId, owner, isHere));
                return;
        }
    }

    private ShardHome HomeAt(string shardId, IActorRef owner, bool isHere)
    {
        if (isHere)
            return Region.CreateLocal(shardId);
        if (_owners.Add(owner))
            Context.Watch(owner);
        return new RemoteShard(Region, shardId, owner);
    }

    private void AskForHome(string shardId)
    {
        Coordinator?.Tell(new GetShardHome(shardId, Region.Ref), Region.Ref);
        EnsureRetry();
    }

    private void Retry()
    {
        var pending = HomesOf<PendingShard>().Where(static home => !home.Home.IsEmpty).ToList();
        foreach (var (shardId, _) in pending)
            Coordinator?.Tell(new GetShardHome(shardId, Region.Ref), Region.Ref);
        if (IsShuttingDown)
        {
            if (IsAlone)
            {
                _isEmpty = true;
                base.ShutDown();
            }
            else if (!Region.IsProxy && !_isEmpty)
                Coordinator?.Tell(new RegionLeaves(Region.Ref), Region.Ref);
        }

        if (pending.Count > 0 || IsShuttingDown)
            EnsureRetry();
        StopIfDone();
    }

    private void EnsureRetry()
    {
        if (!Timers.IsTimerActive(RetryTick.Instance))
            Timers.StartSingleTimer(RetryTick.Instance, RetryTick.Instance, RetryInterval);
    }

    private void StopIfDone()
    {
        if (IsShuttingDown && HasNoShards && (_isEmpty || Region.IsProxy) && HomesOf<PendingShard>().All(static home => home.Home.IsEmpty))
            Context.Stop(Self);
    }

    /// <summary>In an order that is the same in every run.</summary>
    private IEnumerable<(string ShardId, THome Home)> HomesOf<THome>()
        where THome : ShardHome => Region.Homes
            .Where(static entry => entry.Value is THome)
            .Select(static entry => (entry.Key, (THome)entry.Value))
            .OrderBy(static entry => entry.Key, StringComparer.Ordinal);

    // ---- hand-off

    private void OnBeginHandOff(BeginHandOff begin, IActorRef coordinator)
    {
        var acknowledgement = new BeginHandOffAck(begin.ShardId, begin.Round, Region.Ref);
        if (Region.Homes.GetValueOrDefault(begin.ShardId) is RemoteShard remote)
            Leave(begin.ShardId, remote, () => remote.Owner.Tell(new LastOfShard(coordinator, acknowledgement), Region.Ref));
        else
            coordinator.Tell(acknowledgement, Region.Ref);
    }

    private void Leave(string shardId, RemoteShard home, Action? whenQuiet)
    {
        Region.Forget(shardId);
        home.Close(whenQuiet);
    }

    private void OnHandOff(HandOff order)
    {
        if (_handOffs.TryGetValue(order.ShardId, out var underWay))
            (underWay.Coordinator, underWay.Round) = (Coordinator, order.Round);
        else if (Region.Homes.GetValueOrDefault(order.ShardId) is LocalShard local)
            Stop(local, new HandOffOut { Coordinator = Coordinator, Round = order.Round });
        else
            Coordinator!.Tell(new ShardStopped(order.ShardId, order.Round), Region.Ref);
    }

    private void Stop(LocalShard shard, HandOffOut handOff)
    {
        _handOffs.Add(shard.Id, handOff);
        StopShard(shard);
    }

    /// <summary>What was told before other nodes could find the region by its path.</summary>
    private bool IsForEntity(object message)
    {
        if (message is IShardRegionCommand or IShardRegionQuery)
            return false;
        Region.TellFromElsewhere(message, Sender);
        return true;
    }

    private sealed class RetryTick : INotInfluenceReceiveTimeout
    {
        public static readonly RetryTick Instance = new();
    }

    /// <summary>A shard that is being stopped.</summary>
    private sealed class HandOffOut
    {
        /// <summary>Who is told when it has stopped, in answer to which <see cref="Round"/>.</summary>
        public IActorRef? Coordinator { get; set; }

        public long Round { get; set; }

        /// <summary>The shard's next home, if it is known already.</summary>
        public IActorRef? Next { get; set; }
    }
}
