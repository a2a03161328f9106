using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs an actor on one node of a cluster: the oldest one of a role. A manager of the same name has to be started on every node of that role;
/// the actor is its child. When the node leaves, the actor is stopped, and the next oldest node starts one; when it dies, as soon as it has
/// been removed.
/// </summary>
/// <remarks>It carries out what <see cref="SingletonState"/> decides.</remarks>
public sealed class ClusterSingletonManager : UntypedActor, IWithTimers
{
    private readonly Props _singletonProps;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Logging.GetLogger(Context);
    private readonly TaskCompletionSource<Done> _released;
    private SingletonState _state;
    private IActorRef? _singleton;

    /// <inheritdoc cref="Props(Actor.Props, object, ClusterSingletonManagerSettings)"/>
    public ClusterSingletonManager(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        _singletonProps = singletonProps;
        _terminationMessage = terminationMessage;
        _settings = settings;
        _state = new SingletonState(_cluster.SelfUniqueAddress, settings.Role);
        _released = new TaskCompletionSource<Done>(Cell.SystemImpl.Continuations);
        var (self, released) = (Self, _released.Task);
        CoordinatedShutdown.Get(Context.System).AddTask(
            CoordinatedShutdown.PhaseClusterExiting,
            $"release-{Self.Path.ToStringWithoutAddress()}",
            () =>
            {
                self.Tell(new ReleaseWanted(), ActorRefs.NoSender);
                return released;
            });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc cref="Props(Actor.Props, object, ClusterSingletonManagerSettings)"/>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) =>
        Props(singletonProps, PoisonPill.Instance, settings);

    /// <summary>The props of a manager.</summary>
    /// <param name="singletonProps">How the singleton is made.</param>
    /// <param name="terminationMessage">What it is told when it is to stop: it must stop itself on it, in its own time.</param>
    /// <param name="settings">How the manager behaves.</param>
    public static Props Props(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(singletonProps);
        ArgumentNullException.ThrowIfNull(terminationMessage);
        ArgumentNullException.ThrowIfNull(settings);
        return Actor.Props.Create(() => new ClusterSingletonManager(singletonProps, terminationMessage, settings));
    }

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _released.TrySetResult(Done.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                Decide(new MembersAre(_state.Members.With(state)));
                break;
            case ClusterEvent.IMemberEvent change:
                OnMember(change);
                break;
            case MarginPassed passed:
                Decide(new MembersAre(_state.Members.With(passed.Removed)));
                break;
            case HandOverToMe ask when ask.To == _state.Self:
                Decide(new HandOverAsked(ask.From));
                break;
            case HandOverDone done when done.To == _state.Self:
                _log.Info("The singleton has been released by {0}.", done.From);
                Decide(new HandOverCompleted(done.From));
                break;
            case HandOverToMe or HandOverDone:
                // For an earlier incarnation of this node.
                break;
            case SingletonInput input:
                Decide(input);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_singleton):
                _singleton = null;
                Decide(new SingletonStopped());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnMember(ClusterEvent.IMemberEvent change)
    {
        var isSelf = change.Member.UniqueAddress == _state.Self;
        if (isSelf && change is ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved)
        {
            // The others don't count this node any more, and may start theirs. What runs here stops at once.
            Context.Stop(Self);
        }
        else if (change is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down } removed && _settings.RemovalMargin > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(removed.Member.UniqueAddress, new MarginPassed(removed), _settings.RemovalMargin);
        }
        else
        {
            Decide(new MembersAre(_state.Members.With(change)));
        }
    }

    private void Decide(SingletonInput input)
    {
        var (next, effects) = _state.Decide(input);
        if (next.Phase != _state.Phase)
            _log.Info("The singleton {0} is {1} here.", Self.Path.Name, next.Phase);
        _state = next;
        foreach (var effect in effects)
            CarryOut(effect);
    }

    private void CarryOut(SingletonEffect effect)
    {
        switch (effect)
        {
            case StartSingleton:
                _singleton = Context.Watch(Context.ActorOf(_singletonProps, _settings.SingletonName));
                break;
            case StopSingleton when _singleton is null:
                Decide(new SingletonStopped());
                break;
            case StopSingleton:
                _singleton.Tell(_terminationMessage, Self);
                break;
            case AskForHandOver ask:
                ManagerOn(ask.Of).Tell(new HandOverToMe(_state.Self, ask.Of), Self);
                break;
            case TellReleased tell:
                ManagerOn(tell.To).Tell(new HandOverDone(_state.Self, tell.To), Self);
                break;
            case RetryHandOver:
                Timers.StartSingleTimer(typeof(HandOverRetryDue), new HandOverRetryDue(), _settings.HandOverRetryInterval);
                break;
            case ReportReleased:
                _released.TrySetResult(Done.Instance);
                break;
        }
    }

    private IActorRef ManagerOn(UniqueAddress node) =>
        Cell.SystemImpl.Provider.ResolveActorRef($"{node.Address}{Self.Path.ToStringWithoutAddress()}");

    private sealed record MarginPassed(ClusterEvent.MemberRemoved Removed);
}
