using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Event;
using ChatAkka.Actors.Presence;
using ChatAkka.Domain.Discovery;

namespace ChatAkka.Actors.Discovery;

/// <summary>
/// Clears up what the nodes share of nodes that have gone, crashed or left. The store's part is seen to at once, by whoever comes first. Who was
/// online there has as long to come back to another node as any user whose socket breaks; then the cluster's leader removes them. Every node
/// has this actor, and any of them may become the leader: what is left to do is seen from what is shared.
/// </summary>
public sealed class DepartedNodes : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _onlineFor;
    private readonly Action<string> _departed;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IReadOnlyDictionary<string, NodeInfo> _described = new Dictionary<string, NodeInfo>();

    /// <summary>For <see cref="Props"/>, which can call no other than a public one.</summary>
    public DepartedNodes(TimeSpan onlineFor, Action<string> departed) => (_onlineFor, _departed) = (onlineFor, departed);

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="onlineFor">How long a user is online after the last sign of life.</param>
    /// <param name="departed">Is told of every node that has gone: <see cref="NodeInfo.Holder"/>. It must not wait.</param>
    public static Props Props(TimeSpan onlineFor, Action<string> departed) =>
        Akka.Actor.Props.Create(() => new DepartedNodes(onlineFor, departed));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _replicator.Tell(Dsl.Subscribe(NodeRegistry.Nodes, Self));
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Changed changed:
                _described = changed.Get(NodeRegistry.Nodes).Entries;
                Look();
                break;
            case ClusterEvent.MemberRemoved removed:
                if (_described.TryGetValue(NodeRegistry.KeyOf(removed.Member.UniqueAddress), out var known))
                {
                    _departed(known.Holder);
                }

                Look();
                break;
            case ClearingDue due:
                OnDue(due.Node);
                break;
        }
    }

    // Who has told of themselves isn't a member any more; or not yet, as far as is known here, which the wait will show.
    private void Look()
    {
        foreach (var node in _described.Keys.Where(node => !IsMember(node) && !Timers.IsTimerActive(node)))
        {
            Timers.StartSingleTimer(node, new ClearingDue(node), _onlineFor);
        }
    }

    private void OnDue(string node)
    {
        if (!_described.TryGetValue(node, out var described) || IsMember(node))
        {
            return; // another one was faster; or it has joined meanwhile
        }

        if (_cluster.State.Leader == _cluster.SelfAddress)
        {
            _departed(described.Holder); // once more: this node may have joined after it went
            Clear(node);
        }
        else
        {
            Timers.StartSingleTimer(node, new ClearingDue(node), Again);
        }
    }

    private bool IsMember(string node) => _cluster.State.Members.Any(member => NodeRegistry.KeyOf(member.UniqueAddress) == node);

    private void Clear(string node)
    {
        var suffix = "@" + PresenceBuckets.NameOf(NodeRegistry.UidOf(node));
        foreach (var key in PresenceBuckets.Keys)
        {
            _replicator.Tell(Dsl.Update(key, ORSet<string>.Empty, Dsl.WriteLocal, set => Without(set, suffix)));
        }

        _replicator.Tell(Dsl.Update(
            NodeRegistry.Nodes, LWWDictionary<string, NodeInfo>.Empty, Dsl.WriteLocal, nodes => nodes.Remove(_cluster, node)));
        _log.Info("Node {0} has gone, and who was online there with it", node);
    }

    private ORSet<string> Without(ORSet<string> set, string suffix)
    {
        foreach (var entry in set.Where(entry => entry.EndsWith(suffix, StringComparison.Ordinal)).ToArray())
        {
            set = set.Remove(_cluster, entry);
        }

        return set;
    }

    private sealed record ClearingDue(string Node);
}
