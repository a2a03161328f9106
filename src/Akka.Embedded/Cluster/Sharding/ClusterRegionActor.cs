using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The actor of a region in a cluster. Its coordinator is the singleton on the oldest member of the role; the region registers with it, and
/// anew with every other one.
/// </summary>
internal sealed class ClusterRegionActor(ShardRegion region) : CoordinatedRegionActor(region)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private MembersByAge _members = MembersByAge.Of(region.Settings.Role);
    private TimeSpan _nextRetry;

    protected override bool IsAlone => !_members.Members.Any(
        member => member.Status == MemberStatus.Up && member.UniqueAddress != _cluster.SelfUniqueAddress);

    protected override void PreStart()
    {
        base.PreStart();
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        base.PostStop();
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                MembersAre(_members.With(state));
                return true;
            case ClusterEvent.MemberDowned downed when downed.Member.UniqueAddress == _cluster.SelfUniqueAddress:
            case ClusterEvent.MemberRemoved removed when removed.Member.UniqueAddress == _cluster.SelfUniqueAddress:
                // The shards may be elsewhere by now.
                Context.Stop(Self);
                return true;
            case ClusterEvent.IMemberEvent change:
                MembersAre(_members.With(change));
                return true;
            case RegisterAck:
                Timers.Cancel(Registration.Instance);
                Follow(Sender);
                return true;
            case Registration:
                Register();
                return true;
            default:
                return base.Receive(message);
        }
    }

    protected override void OnTerminated(IActorRef actor)
    {
        if (actor.Equals(Coordinator))
        {
            Unfollow();
            BeginRegistration();
        }

        base.OnTerminated(actor);
    }

    private void MembersAre(MembersByAge members)
    {
        var former = _members.Oldest;
        _members = members;
        if (members.Oldest is null || members.Oldest.Equals(former))
            return;
        Unfollow();
        BeginRegistration();
    }

    private void BeginRegistration()
    {
        _nextRetry = FirstRetry;
        Register();
    }

    private void Register()
    {
        if (Coordinator is not null)
            return;
        var register = new RegisterRegion(
            Region.Ref, _cluster.SelfUniqueAddress, Region.IsProxy, [.. Shards.Select(static shard => shard.Id)]);
        if (_members.Oldest is { } oldest)
        {
            var provider = Cell.SystemImpl.Provider;
            provider.ResolveActorRef(CoordinatorPath.On(oldest.Address, Region.TypeName)).Tell(register, Region.Ref);
        }

        // Regions that have lost the same coordinator don't come to the next one all at once.
        var jitter = 0.75 + (0.5 * Cell.SystemImpl.Runtime.Random.NextDouble());
        Timers.StartSingleTimer(Registration.Instance, Registration.Instance, _nextRetry * jitter);
        _nextRetry = TimeSpan.FromTicks(Math.Min(_nextRetry.Ticks * 2, RetryInterval.Ticks));
    }

    private sealed class Registration : INotInfluenceReceiveTimeout
    {
        public static readonly Registration Instance = new();
    }
}

/// <summary>Where a type's coordinator is.</summary>
internal static class CoordinatorPath
{
    /// <summary>The name of the singleton below its manager.</summary>
    public const string Singleton = "singleton";

    public static string ManagerName(string typeName) => Uri.EscapeDataString(typeName) + "Coordinator";

    public static string On(Address node, string typeName) => $"{node}/system/sharding/{ManagerName(typeName)}/{Singleton}";
}
