using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Passes messages on to a singleton, wherever it is. While that isn't known it holds them, in their order. A message that is on its way when
/// the singleton's node dies is lost.
/// </summary>
/// <remarks>The buffer is bounded by <see cref="ClusterSingletonProxySettings.BufferSize"/>: when it is full, the oldest message becomes
/// a dead letter.</remarks>
public sealed class ClusterSingletonProxy : UntypedActor, IWithTimers
{
    private readonly string _managerPath;
    private readonly ClusterSingletonProxySettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Logging.GetLogger(Context);
    private readonly Queue<Envelope> _buffer = new();
    private MembersByAge _members;
    private IActorRef? _singleton;
    private int _identification;

    /// <inheritdoc cref="Props"/>
    public ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        _managerPath = singletonManagerPath;
        _settings = settings;
        _members = MembersByAge.Of(settings.Role);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of a proxy.</summary>
    /// <param name="singletonManagerPath">The path of the managers, without an address: <c>/user/name</c>.</param>
    /// <param name="settings">How the proxy behaves.</param>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(singletonManagerPath);
        ArgumentNullException.ThrowIfNull(settings);
        return Actor.Props.Create(() => new ClusterSingletonProxy(singletonManagerPath, settings));
    }

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        while (_buffer.TryDequeue(out var held))
            DeadLetter(held);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                MembersAre(_members.With(state));
                break;
            case ClusterEvent.IMemberEvent change:
                MembersAre(_members.With(change));
                break;
            case IdentifySingleton:
                Identify();
                break;
            case ActorIdentity identity when identity.MessageId is int number && Sender is not null:
                if (number == _identification && !identity.Subject.IsNobody())
                    Found(identity.Subject);
                break;
            case Terminated terminated:
                if (terminated.ActorRef.Equals(_singleton))
                    LookForSingleton();
                break;
            default:
                if (_singleton is not null)
                    _singleton.Forward(message);
                else
                    Hold(new Envelope(message, Sender));
                break;
        }
    }

    private void MembersAre(MembersByAge members)
    {
        var former = _members.Oldest;
        _members = members;
        if (!Equals(members.Oldest, former))
            LookForSingleton();
    }

    private void LookForSingleton()
    {
        if (_singleton is not null)
            Context.Unwatch(_singleton);
        _singleton = null;
        Identify();
    }

    private void Identify()
    {
        // What an earlier question is answered by may be the singleton that has just stopped.
        _identification++;
        if (_singleton is not null || _members.Oldest is not { } oldest)
            return;
        var path = $"{oldest.Address}{_managerPath}/{_settings.SingletonName}";
        Cell.SystemImpl.Provider.ResolveActorRef(path).Tell(new Identify(_identification), Self);
        Timers.StartSingleTimer(IdentifySingleton.Instance, IdentifySingleton.Instance, _settings.SingletonIdentificationInterval);
    }

    private void Found(IActorRef singleton)
    {
        _log.Info("Singleton identified at [{0}]", singleton.Path);
        Timers.Cancel(IdentifySingleton.Instance);
        _singleton = Context.Watch(singleton);
        while (_buffer.TryDequeue(out var held))
            singleton.Tell(held.Message, held.Sender);
    }

    private void Hold(Envelope envelope)
    {
        if (_settings.BufferSize == 0)
        {
            DeadLetter(envelope);
            return;
        }

        if (_buffer.Count == _settings.BufferSize)
            DeadLetter(_buffer.Dequeue());
        _buffer.Enqueue(envelope);
    }

    private void DeadLetter(Envelope envelope) => Cell.SystemImpl.DeadLetters.Publish(envelope.Message, envelope.Sender, Self);

    private sealed class IdentifySingleton : INotInfluenceReceiveTimeout
    {
        public static readonly IdentifySingleton Instance = new();
    }
}
