using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>
/// A system's membership in a cluster. Thread-safe. What it returns is what this node has last learned; that its members learn the same
/// takes a moment.
/// </summary>
/// <remarks>A system without remoting is a cluster of its own, once it has joined itself.</remarks>
public class Cluster : IExtension
{
    private readonly ActorSystemImpl _system;
    private readonly ActorCell _guardian;
    private readonly IActorRef _daemon;
    private readonly ClusterCallbacks _callbacks;
    private readonly ILoggingAdapter _log;
    private MembershipState _state;
    private int _isTerminated;

    internal Cluster(ActorSystemImpl system)
    {
        _system = system;
        Setup = system.Settings.Setup.Get<ClusterSetup>().GetOrElse(new ClusterSetup());
        Setup.Validate();
        SelfUniqueAddress = new UniqueAddress(system.Provider.DefaultAddress, system.Remote?.Uid ?? 1);
        _state = new MembershipState(Gossip.Empty, SelfUniqueAddress);
        _log = Logging.GetLogger(system, $"Cluster({SelfAddress})");
        _callbacks = new ClusterCallbacks(_log);
        Exit = new ClusterExit(system, this);
        _guardian = (ActorCell)system.SystemActorOf(Props.Create(() => new ClusterGuardian()), "cluster");
        _guardian.ActorOf(Props.Create(() => new HeartbeatReceiver(SelfUniqueAddress)), "heartbeatReceiver");
        var core = (ActorCell)_guardian.ActorOf(Props.Create(() => new ClusterGuardian()), "core");
        _daemon = core.ActorOf(Props.Create(() => new ClusterDaemon(this)), "daemon");
        Exit.Register();
        if (!Setup.SeedNodes.IsEmpty)
            JoinSeedNodes(Setup.SeedNodes);
    }

    public ExtendedActorSystem System => _system;

    public Address SelfAddress => SelfUniqueAddress.Address;

    public UniqueAddress SelfUniqueAddress { get; }

    public ImmutableHashSet<string> SelfRoles => Setup.Roles;

    /// <summary>This node; <see cref="MemberStatus.Removed"/> while it isn't a member, before and after.</summary>
    public Member SelfMember => Volatile.Read(ref _state).SelfMember ?? new Member(SelfUniqueAddress, MemberStatus.Removed, Setup.Roles);

    public ClusterEvent.CurrentClusterState State => Volatile.Read(ref _state).View;

    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    /// <summary>The node has left or was removed, or its system shuts down. There is no way back: start another system.</summary>
    public bool IsTerminated => Volatile.Read(ref _isTerminated) != 0;

    /// <summary>
    /// How long whoever takes over the work of a member that was removed after it had been <see cref="MemberStatus.Down"/> does well to wait:
    /// by then the other side of a partition has shut down too.
    /// </summary>
    internal TimeSpan DownRemovalMargin => Setup.SplitBrainResolver is null ? TimeSpan.Zero : Setup.StableAfter;

    internal ClusterSetup Setup { get; }

    internal ClusterExit Exit { get; }

    internal ILoggingAdapter Log => _log;

    public static Cluster Get(ActorSystem system) => new ClusterExtension().Apply(system);

    /// <summary>Joins the cluster of the node at an address, which may be this node's own: then it is the first of a new one. Goes on
    /// trying.</summary>
    public void Join(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Tell(new JoinTo(address));
    }

    /// <summary>Joins, and waits until this node is up.</summary>
    /// <param name="address">See <see cref="Join"/>.</param>
    /// <param name="token">Ends the wait; the joining goes on.</param>
    /// <exception cref="ClusterJoinFailedException">The node has been a member before, or was removed before it was up.</exception>
    public Task JoinAsync(Address address, CancellationToken token = default) =>
        WhenUp(() => Join(address), $"Node has not managed to join the cluster using provided address: {address}", token);

    /// <summary>
    /// Joins the cluster of whichever of the nodes answers first. Only the first of them may start a new cluster, when none of the others
    /// answers that it is in one. Goes on trying. Ignored when the node has joined already.
    /// </summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes)
    {
        ArgumentNullException.ThrowIfNull(seedNodes);
        Tell(new JoinSeeds([.. seedNodes]));
    }

    /// <summary>Joins as <see cref="JoinSeedNodes"/> does, and waits until this node is up.</summary>
    /// <inheritdoc cref="JoinAsync"/>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default) =>
        WhenUp(() => JoinSeedNodes(seedNodes), "Node has not managed to join the cluster using provided seed node addresses", token);

    /// <summary>Has a member, this or another one, leave in an orderly way.</summary>
    public void Leave(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Tell(new LeaveNode(address));
    }

    /// <summary>Has this node leave, and waits until it is no member any more.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <inheritdoc cref="LeaveAsync()"/>
    /// <param name="cancellationToken">Ends the wait; the leaving goes on.</param>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (!IsTerminated)
            Leave(SelfAddress);
        return Exit.Removed.WaitAsync(cancellationToken);
    }

    /// <summary>Declares the member at an address dead: it is removed, and shuts down if it is not.</summary>
    public void Down(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Tell(new DownNode(address));
    }

    /// <summary>Has an actor told of all events of some types; of the current state first, as a snapshot.</summary>
    /// <param name="subscriber">Forgotten when it stops.</param>
    /// <param name="to">Types of <see cref="ClusterEvent.IClusterDomainEvent"/>s, bases of which count too.</param>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <inheritdoc cref="Subscribe(IActorRef,Type[])"/>
    /// <param name="initialStateMode">How the subscriber learns of the current state.</param>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (to.Length == 0)
            throw new ArgumentException("At least one type of IClusterDomainEvent is required", nameof(to));
        foreach (var type in to)
        {
            if (!typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom(type))
                throw new ArgumentException($"Subscribe to types of IClusterDomainEvent, not to [{type}]", nameof(to));
        }

        Tell(new Subscribe(subscriber, initialStateMode, [.. to]));
    }

    /// <summary>Ends all subscriptions of an actor.</summary>
    public void Unsubscribe(IActorRef subscriber) => Tell(new Unsubscribe(subscriber, null));

    /// <summary>Ends the subscription of an actor to exactly this type.</summary>
    public void Unsubscribe(IActorRef subscriber, Type to) => Tell(new Unsubscribe(subscriber, to));

    /// <summary>Tells an actor the <see cref="ClusterEvent.CurrentClusterState"/>.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => Tell(new SendCurrentState(receiver));

    /// <summary>Runs something once this node is up, or soon if it is. It runs in the cluster's own actor: let it be short.</summary>
    public void RegisterOnMemberUp(Action callback) => Tell(new RegisterOnUp(callback));

    /// <summary>Runs something once this node is no member any more, or now if it has ceased to be one.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        if (!_callbacks.AddOnRemoved(callback))
            callback();
    }

    /// <summary>The path by which other nodes find a local actor.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef)
    {
        var path = actorRef.Path;
        return path.Address.HasGlobalScope ? path : (new RootActorPath(SelfAddress) / path.Elements).WithUid(path.Uid);
    }

    internal void Tell(object command) => _daemon.Tell(command, ActorRefs.NoSender);

    /// <summary>What everybody sees from now on. Called by the daemon before it tells the subscribers.</summary>
    internal void Publish(MembershipState state) => Volatile.Write(ref _state, state);

    /// <summary>Stops what the cluster runs; <see cref="ClusterExit.Removed"/> tells when it has stopped.</summary>
    internal void Stop() => _guardian.Stop();

    /// <summary>The daemon has stopped.</summary>
    internal void Terminated(ClusterEnd reason)
    {
        if (Interlocked.Exchange(ref _isTerminated, 1) != 0)
            return;
        Publish(new MembershipState(Gossip.Empty, SelfUniqueAddress));
        _guardian.Stop();
        Exit.OnRemoved(reason);
        _callbacks.RunOnRemoved();
    }

    private async Task WhenUp(Action join, string failure, CancellationToken token)
    {
        if (IsTerminated)
            throw new ClusterJoinFailedException("Cluster has already been terminated");
        if (IsUp)
            return;
        var up = new Signal(_system);
        RegisterOnMemberUp(up.Set);
        join();
        var first = await Task.WhenAny(up.Task, Exit.Removed).WaitAsync(token).ConfigureAwait(false);
        if (first != up.Task)
            throw new ClusterJoinFailedException(failure);
    }
}
