using Akka.Actor;
using Akka.Cluster.Sharding.Wire;
using Akka.DistributedData;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>Keeps the state of a coordinator in distributed data: written to a majority of the nodes, and read from one.</summary>
internal sealed class DistributedDataCoordinatorStore : ICoordinatorStore
{
    public Props Props(string typeName, ClusterShardingSettings settings) =>
        Actor.Props.Create(() => new StoreActor(typeName, settings.TuningParameters));

    /// <remarks>
    /// The state is one register, whose times aren't those of clocks: every coordinator begins an epoch of its own, later than all that it has
    /// loaded. So what an earlier one wrote, without having it confirmed, never wins over what a later one has written.
    /// </remarks>
    private sealed class StoreActor : ActorBase, IWithTimers
    {
        private const long Epoch = 1L << 32;

        private readonly TuningParameters _tuning;
        private readonly LWWRegisterKey<byte[]> _key;
        private readonly UniqueAddress _self = Cluster.Get(Context.System).SelfUniqueAddress;
        private readonly IActorRef _replicator = DistributedData.DistributedData.Get(Context.System).Replicator;
        private readonly ILoggingAdapter _log = Logging.GetLogger(Context);
        private readonly ShardingMessageSerializer _serializer;
        private IActorRef _coordinator = ActorRefs.Nobody;
        private long _epoch;

        public StoreActor(string typeName, TuningParameters tuning)
        {
            _tuning = tuning;
            _key = new LWWRegisterKey<byte[]>($"{typeName}CoordinatorState");
            _serializer = new ShardingMessageSerializer(Cell.SystemImpl);
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override bool Receive(object message)
        {
            switch (message)
            {
                case LoadState:
                    _coordinator = Sender;
                    // All, because a majority of fewer nodes than there were need not be one of those that have it; but nobody is waited for
                    // longer than once.
                    Load(new ReadAll(_tuning.WaitingForStateTimeout));
                    return true;
                case GetSuccess found:
                    var register = found.Get(_key);
                    _epoch = (register.Timestamp / Epoch * Epoch) + Epoch;
                    _coordinator.Tell(new StateLoaded((CoordinatorState)_serializer.FromBinary(register.Value, "C")), Self);
                    return true;
                case NotFound:
                    _epoch = Epoch;
                    _coordinator.Tell(new StateLoaded(CoordinatorState.Empty), Self);
                    return true;
                case GetFailure:
                    Load(new ReadMajority(_tuning.WaitingForStateTimeout));
                    return true;
                case SaveState save:
                    Save(save);
                    return true;
                case UpdateSuccess { Request: SaveState saved }:
                    _coordinator.Tell(new StateSaved(saved.Version), Self);
                    return true;
                case UpdateTimeout { Request: SaveState save }:
                    _log.Warning("The coordinator's state {0} has not reached a majority of the nodes: it is sent again.", _key);
                    Save(save);
                    return true;
                case IUpdateFailure { Request: SaveState save } failure:
                    _log.Error(failure.Cause, "The coordinator's state {0} can't be stored.", _key);
                    Timers.StartSingleTimer("save", save, _tuning.CoordinatorFailureBackoff * Jitter());
                    return true;
                case DataDeleted:
                    _log.Error("The coordinator's state {0} has been deleted: no shard will get a home any more.", _key);
                    return true;
                default:
                    return false;
            }
        }

        private void Load(IReadConsistency consistency) => _replicator.Tell(Dsl.Get(_key, consistency), Self);

        private void Save(SaveState save)
        {
            var bytes = _serializer.ToBinary(save.State);
            var epoch = _epoch;
            var self = _self;
            _replicator.Tell(
                Dsl.Update(
                    _key,
                    new LWWRegister<byte[]>(self, [], 0L),
                    new WriteMajority(_tuning.UpdatingStateTimeout),
                    save,
                    current => current.WithValue(self, bytes, (timestamp, _) => Math.Max(timestamp, epoch) + 1)),
                Self);
        }

        private double Jitter() => 0.75 + (0.5 * Cell.SystemImpl.Runtime.Random.NextDouble());
    }
}
