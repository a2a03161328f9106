using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The coordinator of a type: a singleton that decides where shards live. It carries out what <see cref="Coordination"/> decides: has what
/// happened stored, and does what follows only then, in the order of the decisions.
/// </summary>
/// <remarks>
/// While a state is on its way to the store decisions go on, and all they change is stored with the next one: there is one write at a time,
/// whatever the rate. A coordinator that can't store answers nobody, and regions keep what they know.
/// <para>Until the state is loaded all messages are dropped: regions repeat theirs.</para>
/// </remarks>
internal sealed class ShardCoordinator(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy, Props store)
    : ActorBase, IWithTimers
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Queue<CoordinatorInput> _inputs = new();
    private readonly Queue<(long Version, ImmutableList<CoordinatorEffect> Effects)> _effects = new();
    private readonly ILoggingAdapter _log = Logging.GetLogger(Context);
    private IActorRef _store = ActorRefs.Nobody;

    // Null until the state is loaded.
    private Coordination? _coordination;

    // Of the state as decided, as on its way to the store, and as known to be stored.
    private long _version;
    private long _savingVersion;
    private long _savedVersion;
    private bool _isGoingOn;
    private bool _isRebalancing;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy, Props store) =>
        Actor.Props.Create(() => new ShardCoordinator(typeName, settings, strategy, store));

    protected override void PreStart()
    {
        if (strategy is IActorSystemDependentAllocationStrategy dependent)
            dependent.Start(Context.System);
        else if (strategy is IStartableAllocationStrategy startable)
            startable.Start();
        _store = Context.ActorOf(store, "store");
        _store.Tell(new LoadState());
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is StateLoaded loaded)
        {
            if (_coordination is null)
                Begin(loaded.State);
            return true;
        }

        if (_coordination is null)
            return message is IClusterShardingSerializable;
        switch (message)
        {
            case StateSaved saved:
                _savedVersion = saved.Version;
                GoOn();
                return true;
            case CoordinatorInput input:
                Decide(input);
                return true;
            case RegisterRegion register:
                if (IsMember(register.Node))
                    Decide(new RegionRegisters(register.Region, register.Node, register.IsProxy, register.Shards));
                return true;
            case GetShardHome get:
                Decide(new HomeAsked(get.ShardId, get.Region));
                return true;
            case BeginHandOffAck acknowledgement:
                Decide(new HandOffBegun(acknowledgement.ShardId, acknowledgement.Round, acknowledgement.Region));
                return true;
            case ShardStopped stopped:
                Decide(new ShardHasStopped(stopped.ShardId, stopped.Round));
                return true;
            case RegionLeaves leaves:
                _log.Info("{0}: the region at {1} leaves.", typeName, leaves.Region);
                Decide(new RegionWantsToLeave(leaves.Region));
                return true;
            case ShardsToMove toMove:
                _isRebalancing = false;
                Decide(new ShardsChosen(toMove.Shards));
                return true;
            case Terminated terminated:
                Decide(new RegionDied(terminated.ActorRef));
                return true;
            case ClusterEvent.CurrentClusterState state:
                foreach (var node in _coordination.State.Regions.Concat(_coordination.State.Proxies).Select(static entry => entry.Node).Distinct())
                {
                    if (state.Members.All(member => member.UniqueAddress != node))
                        Decide(new NodeDied(node));
                }

                return true;
            case ClusterEvent.MemberRemoved removed:
                Decide(new NodeDied(removed.Member.UniqueAddress));
                return true;
            case GetCurrentRegions:
                Sender.Tell(new CurrentRegions([.. _coordination.State.Regions.Select(static region => region.Node.Address)]));
                return true;
            case GetClusterShardingStats get:
                Collect(get.Timeout).PipeTo(Sender);
                return true;
            default:
                return false;
        }
    }

    private void Begin(CoordinatorState state)
    {
        var tuning = settings.TuningParameters;
        _coordination = new Coordination(state, Math.Max(1, (int)(tuning.HandOffTimeout / tuning.RetryInterval)));
        _log.Info(
            "{0}: the coordinator runs, with {1} shards in {2} regions.", typeName, state.Shards.Count, state.Regions.Count);
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.MemberRemoved));
        foreach (var region in state.All)
            Context.Watch(region);
        Timers.StartPeriodicTimer("retry", new RetryDue(), tuning.RetryInterval);
        Timers.StartPeriodicTimer("rebalance", new RebalanceDue(), tuning.RebalanceInterval);
    }

    private bool IsMember(UniqueAddress node) =>
        _cluster.State.Members.Any(member => member.UniqueAddress == node && member.Status is not (MemberStatus.Down or MemberStatus.Removed));

    private void Decide(CoordinatorInput input)
    {
        _inputs.Enqueue(input);
        GoOn();
    }

    /// <summary>Carries out what may be, and decides what is to be decided, one after another: either may bring about the other.</summary>
    private void GoOn()
    {
        if (_isGoingOn)
            return;
        _isGoingOn = true;
        try
        {
            while (CarriesOut() || Decides())
            {
            }

            SaveIfChanged();
        }
        finally
        {
            _isGoingOn = false;
        }
    }

    private bool Decides()
    {
        if (!_inputs.TryDequeue(out var input))
            return false;
        var decision = _coordination!.Decide(input);
        _coordination = decision.Next;
        if (!decision.Events.IsEmpty)
            _version++;
        if (!decision.Effects.IsEmpty)
            _effects.Enqueue((_version, decision.Effects));
        foreach (var happened in decision.Events)
            _log.Debug("{0}: {1}", typeName, happened);
        return true;
    }

    private bool CarriesOut()
    {
        if (!_effects.TryPeek(out var next) || next.Version > _savedVersion)
            return false;
        _effects.Dequeue();
        foreach (var effect in next.Effects)
            CarryOut(effect);
        return true;
    }

    private void SaveIfChanged()
    {
        if (_savingVersion != _savedVersion || _version == _savedVersion)
            return;
        _savingVersion = _version;
        _store.Tell(new SaveState(_coordination!.State, _version));
    }

    private void CarryOut(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case TellRegion tell:
                tell.Region.Tell(tell.Message, Self);
                break;
            case WatchRegion watch:
                if (_coordination!.State.Knows(watch.Region))
                    Context.Watch(watch.Region);
                break;
            case ChooseRegion choose:
                Choose(choose).PipeTo(Self);
                break;
            case ChooseShards when !_isRebalancing:
                _isRebalancing = true;
                ChooseShardsToMove().PipeTo(Self);
                break;
        }
    }

    private async Task<CoordinatorInput> Choose(ChooseRegion choose)
    {
        try
        {
            var region = await strategy.AllocateShard(choose.Requester, choose.ShardId, _coordination!.Candidates).ConfigureAwait(false);
            return new RegionChosen(choose.ShardId, region);
        }
        catch (Exception e)
        {
            _log.Warning(e, "{0}: the allocation strategy has no home for shard {1}.", typeName, choose.ShardId);
            return new RegionChosen(choose.ShardId, null);
        }
    }

    private async Task<ShardsToMove> ChooseShardsToMove()
    {
        try
        {
            var underWay = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, _coordination!.HandOffs.Keys);
            return new ShardsToMove(await strategy.Rebalance(_coordination.Candidates, underWay).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            _log.Warning(e, "{0}: the allocation strategy can't tell which shards should move.", typeName);
            return new ShardsToMove([]);
        }
    }

    private async Task<ClusterShardingStats> Collect(TimeSpan timeout)
    {
        var regions = _coordination!.State.Regions;
        var answers = await Task.WhenAll(regions.Select(async region =>
        {
            try
            {
                return await region.Ref.Ask<ShardRegionStats>(GetShardRegionStats.Instance, timeout).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                return null;
            }
        })).ConfigureAwait(false);
        var answered = regions.Zip(answers).Where(static region => region.Second is not null);
        return new ClusterShardingStats(
            answered.ToImmutableDictionary(static region => region.First.Node.Address, static region => region.Second!));
    }

    private sealed record ShardsToMove(IImmutableSet<string> Shards);
}
