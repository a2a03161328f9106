using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Presence;

/// <summary>
/// What a node knows of who is online at the others, and what it tells them. Part of the presence actor: only that calls it. It keeps no copy
/// of anything: the sets are the replicator's, and a user is looked up when somebody wants to know of them.
/// </summary>
internal sealed class SharedPresence
{
    private readonly Cluster _cluster;
    private readonly IActorRef _replicator;
    private readonly IActorRef _self;
    private readonly string _name;
    private readonly ORSet<string>[] _online = [.. Enumerable.Repeat(ORSet<string>.Empty, PresenceBuckets.Count)];
    private readonly Dictionary<int, Dictionary<string, bool>> _untold = [];

    // The other nodes that may have users; a dead one's are there until somebody has removed them.
    private readonly HashSet<string> _others = [];

    public SharedPresence(ActorSystem system, IActorRef self)
    {
        _cluster = Cluster.Get(system);
        _replicator = DistributedData.Get(system).Replicator;
        _self = self;
        _name = PresenceBuckets.NameOf(_cluster.SelfUniqueAddress);
    }

    /// <summary>Asks to be told: the actor gets <see cref="Changed"/> and the events of members.</summary>
    public void Start()
    {
        foreach (var key in PresenceBuckets.Keys)
        {
            _replicator.Tell(Dsl.Subscribe(key, _self), _self);
        }

        _cluster.Subscribe(_self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
    }

    public void Stop() => _cluster.Unsubscribe(_self);

    /// <summary>A user came or went here; told with the next <see cref="Tell"/>.</summary>
    public void Note(UserId user, bool isOnline)
    {
        var bucket = PresenceBuckets.Of(user);
        if (!_untold.TryGetValue(bucket, out var changes))
        {
            _untold[bucket] = changes = [];
        }

        changes[PresenceBuckets.Entry(user, _name)] = isOnline;
    }

    /// <summary>Tells the others what was noted.</summary>
    public void Tell()
    {
        foreach (var (bucket, changes) in _untold)
        {
            _replicator.Tell(
                Dsl.Update(PresenceBuckets.Keys[bucket], ORSet<string>.Empty, Dsl.WriteLocal, set => Apply(set, changes)), _self);
        }

        _untold.Clear();
    }

    /// <summary>Whether a user is online at another node.</summary>
    public bool IsOnline(UserId user) => IsOnline(user, _online[PresenceBuckets.Of(user)]);

    /// <summary>A set has changed: of whom of some users that makes a difference.</summary>
    /// <param name="watched">The users of a bucket that anybody wants to know of.</param>
    public IReadOnlyList<(UserId User, bool IsOnline)> Take(Changed changed, Func<int, IEnumerable<UserId>> watched)
    {
        var bucket = PresenceBuckets.Of(changed.Key);
        if (bucket < 0)
        {
            return [];
        }

        var before = _online[bucket];
        var now = _online[bucket] = changed.Get(PresenceBuckets.Keys[bucket]);
        var differences = new List<(UserId, bool)>();
        foreach (var user in watched(bucket))
        {
            var isOnline = IsOnline(user, now);
            if (isOnline != IsOnline(user, before))
            {
                differences.Add((user, isOnline));
            }
        }

        return differences;
    }

    /// <summary>Members come and go. A dead one's users are online until they are removed from the sets, so its name stays.</summary>
    public void OnMember(ClusterEvent.IMemberEvent e)
    {
        if (e is not ClusterEvent.MemberRemoved && !e.Member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
        {
            _others.Add(PresenceBuckets.NameOf(e.Member.UniqueAddress));
        }
    }

    /// <summary>Nothing of a node is in the sets any more.</summary>
    public void Forget(string node) => _others.Remove(node);

    /// <summary>Tells a message to the presence actor of every other node.</summary>
    public void TellOthers(IActorContext context, object message)
    {
        foreach (var member in _cluster.State.Members)
        {
            if (member.Address != _cluster.SelfAddress)
            {
                context.ActorSelection(new RootActorPath(member.Address) / "user" / PresenceActor.Name).Tell(message, ActorRefs.NoSender);
            }
        }
    }

    private bool IsOnline(UserId user, ORSet<string> set)
    {
        foreach (var node in _others)
        {
            if (set.Contains(PresenceBuckets.Entry(user, node)))
            {
                return true;
            }
        }

        return false;
    }

    private ORSet<string> Apply(ORSet<string> set, Dictionary<string, bool> changes)
    {
        foreach (var (entry, isOnline) in changes)
        {
            set = isOnline ? set.Add(_cluster, entry) : set.Remove(_cluster, entry);
        }

        return set;
    }
}
