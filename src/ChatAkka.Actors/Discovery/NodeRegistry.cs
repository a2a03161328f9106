using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using ChatAkka.Domain.Discovery;

namespace ChatAkka.Actors.Discovery;

/// <summary>
/// Tells the other nodes of this one, and keeps the <see cref="NodeDirectory"/>: those that have told of themselves, are members, and can be
/// reached. A node that dies drops out as soon as that is noticed, long before it counts as dead.
/// </summary>
public sealed class NodeRegistry : UntypedActor, IWithTimers
{
    /// <summary>Where the nodes' descriptions are, by <see cref="KeyOf"/>.</summary>
    internal static readonly LWWDictionaryKey<string, NodeInfo> Nodes = new("nodes");

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly NodeDirectory _directory;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private IReadOnlyDictionary<string, NodeInfo> _described = new Dictionary<string, NodeInfo>();
    private NodeInfo? _published;

    /// <summary>For <see cref="Props"/>, which can call no other than a public one.</summary>
    public NodeRegistry(NodeDirectory directory) => _directory = directory;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="directory">What it keeps.</param>
    public static Props Props(NodeDirectory directory) => Akka.Actor.Props.Create(() => new NodeRegistry(directory));

    /// <summary>The name of a node's incarnation among the descriptions.</summary>
    internal static string KeyOf(UniqueAddress node) => $"{node.Address}#{node.Uid}";

    /// <summary>What tells a node's incarnation from others, from <see cref="KeyOf"/>.</summary>
    internal static int UidOf(string node) => int.Parse(node.AsSpan(node.LastIndexOf('#') + 1), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _directory.Attach(Self);
        _replicator.Tell(Dsl.Subscribe(Nodes, Self));
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(PublishDue.Instance, PublishDue.Instance, TimeSpan.Zero, Second);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Changed changed:
                _described = changed.Get(Nodes).Entries;
                Show();
                break;
            case ClusterEvent.IMemberEvent or ClusterEvent.IReachabilityEvent:
                Publish();
                Show();
                break;
            case PublishDue:
                Publish();
                break;
        }
    }

    private void Publish()
    {
        // Who isn't a member has left, for all that the others know.
        if (_cluster.SelfMember.Status == MemberStatus.Up && _directory.Describe() is { } self && IsNews(self))
        {
            _published = self;
            _replicator.Tell(Dsl.Update(
                Nodes,
                LWWDictionary<string, NodeInfo>.Empty,
                Dsl.WriteLocal,
                nodes => nodes.SetItem(_cluster, KeyOf(_cluster.SelfUniqueAddress), self)));
        }
    }

    // Who is a little more loaded than a second ago need not tell everybody.
    private bool IsNews(NodeInfo self) =>
        _published is null
        || _published with { Sockets = self.Sockets } != self
        || Math.Abs(self.Sockets - _published.Sockets) > Math.Max(20, _published.Sockets / 20);

    private void Show()
    {
        var state = _cluster.State;
        var reachable = state.Members.Where(member => member.Status == MemberStatus.Up && !state.Unreachable.Contains(member));
        var shown = new Dictionary<string, NodeInfo>();
        foreach (var member in reachable)
        {
            if (_described.TryGetValue(KeyOf(member.UniqueAddress), out var info))
            {
                shown[member.Address.ToString()] = info;
            }
        }

        _directory.Show(shown, PlannedShards.Nodes.Of(state).Staying);
    }
}
