using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>
/// The actor of a node's membership. It only dispatches: what happens decides the <see cref="ClusterNode"/>, which nothing else touches.
/// </summary>
internal sealed class ClusterDaemon : ActorBase, IWithTimers, IClusterHost
{
    private readonly Cluster _cluster;
    private readonly ActorSystemImpl _system;
    private readonly ClusterNode _node;
    private readonly Subscriptions _subscriptions = new();
    private readonly List<Action> _onUp = [];
    private ClusterEnd _end = ClusterEnd.Downed;

    public ClusterDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _system = (ActorSystemImpl)cluster.System;
        _node = new ClusterNode(cluster.SelfUniqueAddress, cluster.Setup, this);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    TimeSpan IClusterHost.Now => _system.Scheduler.MonotonicClock;

    DateTimeOffset IClusterHost.UtcNow => _system.TimeProvider.GetUtcNow();

    Random IClusterHost.Random => _system.Runtime.Random;

    ILoggingAdapter IClusterHost.Log => _cluster.Log;

    protected override void PreStart()
    {
        var setup = _cluster.Setup;
        _system.EventStream.Subscribe<ThisActorSystemQuarantinedEvent>(Self);
        _system.EventStream.Subscribe<NobodyListensEvent>(Self);
        Timers.StartPeriodicTimer(Tick.Gossip, Tick.Gossip, setup.GossipInterval);
        Timers.StartPeriodicTimer(Tick.Leader, Tick.Leader, setup.LeaderActionsInterval);
        Timers.StartPeriodicTimer(Tick.Heartbeat, Tick.Heartbeat, setup.HeartbeatInterval);
        Timers.StartPeriodicTimer(Tick.Reaper, Tick.Reaper, setup.UnreachableNodesReaperInterval);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case IClusterMessage received:
                _node.Receive(received);
                return true;
            case Tick tick:
                OnTick(tick);
                return true;
            case JoinTo join:
                _node.JoinTo(join.Address);
                return true;
            case JoinSeeds join:
                _node.JoinSeeds(join.Seeds);
                return true;
            case LeaveNode leave:
                _node.Leave(leave.Address);
                return true;
            case DownNode down:
                _node.Down(down.Address);
                return true;
            case ThisActorSystemQuarantinedEvent quarantined:
                _node.RefusedBy(quarantined.RemoteAddress);
                return true;
            case NobodyListensEvent refused:
                _node.NobodyListensAt(refused.Address);
                return true;
            case ExitingCompleted:
                _node.ExitCompleted();
                return true;
            default:
                return ReceiveFromSubscriber(message);
        }
    }

    protected override void PostStop()
    {
        var self = _node.State.SelfMember;
        _subscriptions.Tell(ClusterEvent.ClusterShuttingDown.Instance);
        if (self is not null)
            _subscriptions.Tell(new ClusterEvent.MemberRemoved(self.Copy(MemberStatus.Removed), self.Status));
        _cluster.Terminated(_end);
    }

    void IClusterHost.Send(Address to, IClusterMessage message) =>
        _system.ActorSelection(ClusterPaths.Daemon(to)).Tell(message, Self);

    void IClusterHost.SendHeartbeat(Address to, Heartbeat heartbeat) =>
        _system.ActorSelection(ClusterPaths.HeartbeatReceiver(to)).Tell(heartbeat, Self);

    bool IClusterHost.IsThere(Address node) => _system.Remote?.AssociationWith(node).HasLink == true;

    void IClusterHost.Changed(MembershipState before, MembershipState after)
    {
        _cluster.Publish(after);
        foreach (var @event in MembershipEvents.Between(before, after))
        {
            Log(@event);
            _subscriptions.Tell(@event);
            if (@event is ClusterEvent.MemberRemoved removed)
                BreakOff(removed);
        }

        if (after.SelfMember?.Status == MemberStatus.Up)
            RunOnUp();
    }

    void IClusterHost.Exit() => _cluster.Exit.OnExiting();

    void IClusterHost.End(ClusterEnd reason)
    {
        _end = reason;
        Context.Stop(Self);
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Gossip:
                _node.GossipTick();
                break;
            case Tick.Leader:
                _node.LeaderTick();
                break;
            case Tick.Heartbeat:
                _node.HeartbeatTick();
                break;
            case Tick.Reaper:
                _node.ReaperTick();
                break;
        }
    }

    private bool ReceiveFromSubscriber(object message)
    {
        switch (message)
        {
            case Subscribe subscribe:
                Add(subscribe);
                return true;
            case Unsubscribe unsubscribe:
                if (_subscriptions.Remove(unsubscribe.Subscriber, unsubscribe.To))
                    Context.Unwatch(unsubscribe.Subscriber);
                return true;
            case Terminated terminated:
                _subscriptions.Remove(terminated.ActorRef, null);
                return true;
            case SendCurrentState request:
                request.Receiver.Tell(_node.State.View, Self);
                return true;
            case RegisterOnUp register when _node.State.SelfMember?.Status == MemberStatus.Up:
                ClusterCallbacks.Run(register.Callback, _cluster.Log);
                return true;
            case RegisterOnUp register:
                _onUp.Add(register.Callback);
                return true;
            default:
                return false;
        }
    }

    private void Add(Subscribe subscribe)
    {
        if (_subscriptions.Add(subscribe.Subscriber, subscribe.To))
            Context.Watch(subscribe.Subscriber);
        if (subscribe.InitialState == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscribe.Subscriber.Tell(_node.State.View, Self);
            return;
        }

        foreach (var @event in MembershipEvents.Between(new MembershipState(Gossip.Empty, _node.State.Self), _node.State))
            Subscriptions.Tell(subscribe.Subscriber, subscribe.To, @event);
    }

    /// <summary>Who watches actors of a removed member learns that they are gone, and a member that was down is not listened to any more.</summary>
    private void BreakOff(ClusterEvent.MemberRemoved removed)
    {
        var node = removed.Member.UniqueAddress;
        if (removed.PreviousStatus == MemberStatus.Down)
            _system.Remote?.Quarantine(node.Address, node.Uid, "it was removed from the cluster as one that is down");
        else
            _system.Remote?.Left(node.Address, node.Uid);
    }

    private void RunOnUp()
    {
        foreach (var callback in _onUp)
            ClusterCallbacks.Run(callback, _cluster.Log);
        _onUp.Clear();
    }

    private void Log(ClusterEvent.IClusterDomainEvent @event)
    {
        switch (@event)
        {
            case ClusterEvent.UnreachableMember unreachable:
                _cluster.Log.Warning("Unreachable: {0}", unreachable.Member);
                break;
            case ClusterEvent.MemberDowned downed:
                _cluster.Log.Warning("Down: {0}", downed.Member);
                break;
            case ClusterEvent.ReachableMember reachable:
                _cluster.Log.Info("Reachable again: {0}", reachable.Member);
                break;
            case ClusterEvent.IMemberEvent changed:
                _cluster.Log.Info("{0}", changed.Member);
                break;
        }
    }

    private enum Tick
    {
        Gossip,
        Leader,
        Heartbeat,
        Reaper,
    }
}
