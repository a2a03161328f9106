using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace Akka.DistributedData.Replication;

/// <summary>
/// The actor of a node's copies: takes what is asked of it, and what other nodes' replicators say, to where it is dealt with. An idle one
/// compares itself with another node at intervals, and has no other timer.
/// </summary>
internal sealed class Replicator : ActorBase, IWithTimers
{
    private readonly Replica _replica;
    private readonly IReplicaGroup _group;
    private readonly Peers _peers;
    private readonly GossipExchange _gossip;
    private readonly DeltaExchange _deltas;
    private readonly ILoggingAdapter _log;

    public Replicator(Replica replica, IReplicaGroup group)
    {
        (_replica, _group) = (replica, group);
        _log = Logging.GetLogger(Context.System, this);
        var random = Cell.SystemImpl.Runtime.Random;
        _peers = new Peers(replica, group, random, Self);
        _gossip = new GossipExchange(replica, random, _peers.Send, TryMerge);
        _deltas = new DeltaExchange(replica, _peers.Send);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Of the clock that intervals are measured by, in ticks.</summary>
    private long Now => Context.System.Scheduler.MonotonicClock.Ticks;

    private long UtcNow => Context.System.TimeProvider.GetUtcNow().UtcTicks;

    public static Props PropsOf(Replica replica, IReplicaGroup group) => Props.Create(() => new Replicator(replica, group));

    protected override void PreStart()
    {
        // After a restart all this is there already; the nodes are told of anew.
        _replica.Replicas.Reset(Now);
        foreach (var subscriber in _replica.Subscriptions.Subscribers.ToArray())
            Context.Watch(subscriber);
        _group.Subscribe(Self);
        if (_replica.Settings.PruningInterval > TimeSpan.Zero)
            Timers.StartPeriodicTimer(Tick.Pruning, Tick.Pruning, _replica.Settings.PruningInterval);
        ScheduleNotify();
    }

    protected override void PostStop() => _group.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Update update:
                OnUpdate(update);
                return true;
            case Get get:
                OnGet(get);
                return true;
            case IReplicatorWireMessage fromAnother:
                OnWireMessage(fromAnother);
                return true;
            case Tick tick:
                OnTick(tick);
                return true;
            case Subscribe subscribe:
                if (_replica.Subscriptions.Add(subscribe.Key, subscribe.Subscriber))
                    Context.Watch(subscribe.Subscriber);
                ScheduleNotify();
                return true;
            case Unsubscribe unsubscribe:
                if (_replica.Subscriptions.Remove(unsubscribe.Key.Id, unsubscribe.Subscriber))
                    Context.Unwatch(unsubscribe.Subscriber);
                return true;
            case Terminated terminated:
                _replica.Subscriptions.Remove(terminated.ActorRef);
                return true;
            case Delete delete:
                OnDelete(delete);
                return true;
            case FlushChanges:
                Notify();
                return true;
            case GetKeyIds:
                var keys = _replica.Store.All.Where(static entry => !entry.Value.IsDeleted).Select(static entry => entry.Key);
                Sender.Tell(new GetKeysIdsResult(keys.ToImmutableHashSet()), Self);
                return true;
            case GetReplicaCount:
                Sender.Tell(new ReplicaCount(_replica.Replicas.Up.Count + 1), Self);
                return true;
            case ReadRepair repair:
                if (repair.Envelope is not null)
                    TryMerge(repair.Key, repair.Envelope);
                Sender.Tell(new ReadRepaired(_replica.Store.Find(repair.Key)), Self);
                ScheduleNotify();
                return true;
            default:
                if (!_group.Knows(message))
                    return false;
                if (_group.Translate(message) is { } change)
                    OnMembership(change);
                return true;
        }
    }

    // ---- what is asked

    private void OnUpdate(Update update)
    {
        DataEnvelope envelope;
        try
        {
            envelope = _replica.Update(update.Key.Id, update.Modify, Now);
        }
        catch (Exception e)
        {
            Sender.Tell(new ModifyFailure(update.Key, $"Update failed: {e.Message}", e, update.Request), Self);
            return;
        }

        if (envelope.IsDeleted)
        {
            Sender.Tell(new DataDeleted(update.Key, update.Request), Self);
            return;
        }

        WriteToOthers(
            update.Key.Id,
            envelope,
            update.Consistency,
            new UpdateSuccess(update.Key, update.Request),
            new UpdateTimeout(update.Key, update.Request));
        ScheduleNotify();
        ScheduleDeltas();
    }

    private void OnDelete(Delete delete)
    {
        if (_replica.Store.Find(delete.Key.Id) is { IsDeleted: true })
        {
            Sender.Tell(new DataDeleted(delete.Key, delete.Request), Self);
            return;
        }

        WriteToOthers(
            delete.Key.Id,
            _replica.Delete(delete.Key.Id),
            delete.Consistency,
            new DeleteSuccess(delete.Key, delete.Request),
            new ReplicationDeleteFailure(delete.Key));
        ScheduleNotify();
    }

    private void OnGet(Get get)
    {
        var nodes = _replica.Replicas.Up;
        var needed = Quorum.Of(get.Consistency, nodes.Count);
        if (needed == 0)
        {
            Sender.Tell(Answers.Of(get, _replica.Store.Find(get.Key.Id)), Self);
            return;
        }

        var client = Sender;
        var read = new Read(get.Key.Id);
        var (primary, secondary) = _peers.Choose(needed, _ => read, read);
        Context.ActorOf(Props.Create(() => new ReadAggregator(get, primary, secondary, needed, client)));
    }

    private void WriteToOthers(string key, DataEnvelope envelope, IWriteConsistency consistency, object success, object failure)
    {
        var needed = Quorum.Of(consistency, _replica.Replicas.Up.Count);
        if (needed == 0)
        {
            Sender.Tell(success, Self);
            return;
        }

        var client = Sender;
        var full = new Write(key, envelope);
        var (primary, secondary) = _peers.Choose(needed, MessageTo, full);
        Context.ActorOf(Props.Create(
            () => new WriteAggregator(primary, secondary, needed, full, consistency.Timeout, client, success, failure)));

        // What the node has not been told yet, if that is all that it lacks.
        object MessageTo(UniqueAddress node) =>
            _replica.Logs.TakeFor(node, key) is { } range ? new DeltaPropagation(_replica.Self, true, [range]) : full;
    }

    // ---- what other replicators say

    private void OnWireMessage(IReplicatorWireMessage message)
    {
        switch (message)
        {
            case DeltaPropagation propagation:
                OnDeltas(propagation);
                break;
            case Write write:
                Sender.Tell(TryMerge(write.Key, write.Envelope) ? new WriteAck(_replica.Self) : new WriteNack(_replica.Self), Self);
                break;
            case Read read:
                Sender.Tell(new ReadResult(_replica.Self, _replica.Store.Find(read.Key)), Self);
                break;
            case DeltaGaps gaps:
                if (_deltas.OnGaps(gaps))
                    ScheduleDeltas();
                break;
            case Summary summary:
                _gossip.OnSummary(summary);
                break;
            case Digests digests:
                _gossip.OnDigests(digests, Now);
                break;
            case Pull pull:
                _gossip.OnPull(pull);
                break;
            case Copies copies:
                _gossip.OnCopies(copies, Now, UtcNow);
                break;
        }

        ScheduleNotify();
    }

    private void OnDeltas(DeltaPropagation propagation)
    {
        var gaps = new List<(string Key, long Have)>();
        foreach (var range in propagation.Ranges)
        {
            var verdict = TryApply(propagation.From, range);
            if (propagation.IsWrite)
            {
                Sender.Tell(
                    verdict switch
                    {
                        Replica.Verdict.Applied => new WriteAck(_replica.Self),
                        null or Replica.Verdict.Ignored => new WriteNack(_replica.Self),
                        _ => (object)new DeltaNack(_replica.Self),
                    },
                    Self);
            }

            if (verdict == Replica.Verdict.Gap)
                gaps.Add((range.Key, _replica.Store.Find(range.Key)!.DeltaVersions.VersionAt(propagation.From)));
        }

        if (gaps.Count > 0)
            _peers.Send(propagation.From, new DeltaGaps(_replica.Self, gaps));
    }

    private Replica.Verdict? TryApply(UniqueAddress from, DeltaRange range)
    {
        try
        {
            return _replica.Apply(from, range);
        }
        catch (InvalidCastException e)
        {
            _log.Warning(e, "Changes of key {0} by {1} are of another type than its value", range.Key, from);
            return null;
        }
    }

    private bool TryMerge(string key, DataEnvelope envelope)
    {
        try
        {
            _replica.Merge(key, envelope, UtcNow);
            return true;
        }
        catch (InvalidCastException e)
        {
            _log.Warning(e, "A value of key {0} is of another type than this node's", key);
            return false;
        }
    }

    private void OnMembership(MembershipChange change)
    {
        if (change.Node.Equals(_replica.Self))
        {
            if (change is MembershipChange.Removed)
                Context.Stop(Self);
            return;
        }

        _replica.Replicas.Apply(change, Now);
        switch (change)
        {
            case MembershipChange.Joining or MembershipChange.Up:
                _replica.Logs.AddPeer(change.Node);
                if (!Timers.IsTimerActive(Tick.Gossip))
                    Timers.StartPeriodicTimer(Tick.Gossip, Tick.Gossip, _replica.Settings.GossipInterval);
                if (change is MembershipChange.Up)
                    _gossip.Begin(change.Node); // who has just come needn't wait for its turn
                break;
            case MembershipChange.Removed:
                _replica.Logs.RemovePeer(change.Node);
                _peers.Forget(change.Node);
                if (!_replica.Replicas.HasPeers)
                    Timers.Cancel(Tick.Gossip);
                break;
        }

        ScheduleDeltas();
    }

    // ---- what is done at times

    private void OnTick(Tick tick)
    {
        if (tick == Tick.Gossip)
        {
            _replica.Comparison.Expire(Now);
            _replica.Logs.Forget(Now);
            _gossip.Begin();
        }
        else if (tick == Tick.Deltas)
        {
            _deltas.Propagate();
            ScheduleDeltas();
        }
        else if (tick == Tick.Notify)
        {
            Notify();
        }
        else if (tick == Tick.Pruning)
        {
            Prune();
        }
    }

    private void Notify()
    {
        Timers.Cancel(Tick.Notify);
        _replica.Subscriptions.Flush(
            key => _replica.Store.Find(key.Id) switch
            {
                null => null,
                { IsDeleted: true } => new DataDeleted(key),
                var envelope => new Changed(key, envelope.Data),
            },
            Self);
    }

    private void Prune()
    {
        var pruned = _replica.Pruner.Run(
            _replica.Replicas.Clock(Now),
            UtcNow,
            (key, envelope) => _replica.SetPruning(key, envelope),
            (key, data, delta) => _replica.Pruned(key, data, delta, Now));
        if (pruned > 0)
            _log.Info("{0} values have forgotten nodes that were removed", pruned);
        ScheduleNotify();
        ScheduleDeltas();
    }

    private void ScheduleNotify()
    {
        if (_replica.Subscriptions.IsPending && !Timers.IsTimerActive(Tick.Notify))
            Schedule(Tick.Notify, _replica.Settings.NotifySubscribersInterval);
    }

    private void ScheduleDeltas()
    {
        if (!Timers.IsTimerActive(Tick.Deltas) && _deltas.HasUntold)
            Schedule(Tick.Deltas, _replica.Settings.DeltaInterval);
    }

    /// <summary>Has something done at the next multiple of an interval, as if there were a tick all the time.</summary>
    private void Schedule(Tick tick, TimeSpan interval) =>
        Timers.StartSingleTimer(tick, tick, TimeSpan.FromTicks(interval.Ticks - (Now % interval.Ticks)));

    /// <summary>The keys of the timers, and what they send.</summary>
    private sealed class Tick
    {
        public static readonly Tick Gossip = new();
        public static readonly Tick Deltas = new();
        public static readonly Tick Notify = new();
        public static readonly Tick Pruning = new();
    }
}
