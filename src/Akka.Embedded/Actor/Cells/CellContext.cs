using System.Runtime.CompilerServices;

namespace Akka.Actor;

/// <summary>What an actor sees of its cell. Touched by the cell's runner only, unless a member says otherwise.</summary>
internal abstract class CellContext : CellReference, IUntypedActorContext
{
    private ActorBase? _actor;
    private Receive? _behavior;
    private CellExtras? _extras;
    private Children? _children;
    private Props _props;
    private CellFlags _flags;

    public DeathWatch DeathWatch;

    // How many reasons there are for user messages to wait. It is here because here it costs no memory: it shares its eight bytes with
    // the flags.
    private protected int Blocked;

    protected CellContext(ActorSystemImpl system, ActorCell? parent, Props props, string name) : base(system, parent, name) =>
        _props = props;

    public override ActorPath Path => _children is { } children && children != Children.Closed ? children.OwnerPath : BuildPath();

    public ActorBase? Actor
    {
        get => _actor;
        set => _actor = value;
    }

    /// <summary>What the actor is made of, the next time too. Set only while it is being made.</summary>
    public Props Props
    {
        get => _props;
        set => _props = value;
    }

    /// <summary>The current behaviour; null for the actor's own.</summary>
    public Receive? Behavior
    {
        get => _behavior;
        set => _behavior = value;
    }

    public abstract IActorRef Sender { get; }

    public abstract object? CurrentMessage { get; }

    public CellExtras Extras => _extras ??= new CellExtras();

    public CellExtras? ExtrasOrNull => _extras;

    public bool IsCreating
    {
        get => Has(CellFlags.Creating);
        protected set => Set(CellFlags.Creating, value);
    }

    /// <summary>The actor has failed and waits for its supervisor.</summary>
    public bool IsFailed
    {
        get => Has(CellFlags.Failed);
        set => Set(CellFlags.Failed, value);
    }

    public bool IsTerminating
    {
        get => Has(CellFlags.Terminating);
        set => Set(CellFlags.Terminating, value);
    }

    /// <summary>The actor overrides <c>AroundReceive</c>, so it must be given a behaviour that it can call.</summary>
    public bool WrapsReceive
    {
        get => Has(CellFlags.WrapsReceive);
        set => Set(CellFlags.WrapsReceive, value);
    }

    /// <summary>The parent has asked this child to stop. Guarded by the parent's <see cref="Children"/>.</summary>
    public bool IsStopping { get; set; }

    IActorRef IActorContext.Self => this;

    ActorSystem IActorContext.System => SystemImpl;

    IActorRef IActorContext.Parent => Parent ?? (IActorRef)ActorRefs.Nobody;

    TimeSpan? IActorContext.ReceiveTimeout => _extras?.Timeout?.Duration;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null)
            ActorNames.Validate(name);
        return CreateChild(props, name);
    }

    /// <summary>
    /// Creates a child from any thread; its constructor runs in a batch of its own, never here. The name is taken as it
    /// is.
    /// </summary>
    public ActorCell CreateChild(Props props, string? name)
    {
        var children = _children;
        if (children is null)
        {
            var created = new Children(Cell);
            children = Interlocked.CompareExchange(ref _children, created, null) ?? created;
        }

        var child = children.Add(props, name);
        child.Start();
        return child;
    }

    /// <summary>How many reasons there are for user messages to wait.</summary>
    public int BlockCount => Blocked;

    /// <summary>Null when the cell never had a child, <see cref="Children.Closed"/> when it can't have one any more.</summary>
    public Children? ChildrenOrNull => _children;

    /// <summary>From now on no child can be created, by whatever thread.</summary>
    public Children CloseChildren()
    {
        var children = Interlocked.CompareExchange(ref _children, Children.Closed, null) ?? Children.Closed;
        children.Close();
        return children;
    }

    public IEnumerable<IActorRef> GetChildren() => _children?.Snapshot() ?? [];

    public IActorRef Child(string name) => _children is not null && _children.TryGet(name, out var child) ? child : ActorRefs.Nobody;

    public void Stop(IActorRef child)
    {
        if (child is ActorCell cell && ReferenceEquals(cell.Parent, this))
            _children?.MarkStopping(cell);
        ((IInternalActorRef)child).Stop();
    }

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message) => Watch(subject, message);

    public IActorRef Unwatch(IActorRef subject)
    {
        if (!ReferenceEquals(subject, this) && DeathWatch.Unwatch(subject, out _))
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch(this));
        _extras?.TryTakeTermination(subject, out _);
        return subject;
    }

    public ActorSelection ActorSelection(ActorPath actorPath) => SystemImpl.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Akka.Actor.ActorSelection.From(SystemImpl, this, actorPath);

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        (Extras.Behaviors ??= new Stack<Receive?>()).Push(_behavior);
        _behavior = receive;
    }

    public void UnbecomeStacked() => _behavior = _extras?.Behaviors is { Count: > 0 } below ? below.Pop() : null;

    public void Become(UntypedReceive receive) => Become(AsReceive(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(AsReceive(receive));

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _extras?.Timeout?.Cancel();
        if (timeout is { } duration)
        {
            Extras.Timeout = ReceiveTimeoutClock.Start(Cell, duration);
        }
        else if (_extras is not null)
        {
            // Many an actor has a timeout only now and then.
            _extras.Timeout = null;
            if (_extras.IsEmpty)
                _extras = null;
        }
    }

    /// <summary>Runs asynchronous work as part of the current message.</summary>
    public void RunTask(Func<Task> action) =>
        RunTask(static (work, _) => Unsafe.As<Func<Task>>(work)(), action, CurrentMessage!);

    /// <inheritdoc cref="RunTask(Func{Task})"/>
    public void RunTask(Func<object, object, Task> run, object action, object message) =>
        ActorTasks.Run(Cell, run, action, message);

    /// <summary>The actor has stopped: nothing it had is kept.</summary>
    protected void Clear()
    {
        _props = Props.None;
        _extras = null;
        Interlocked.Exchange(ref _children, Children.Closed);
    }

    protected bool Has(CellFlags flag) => (_flags & flag) != 0;

    protected void Set(CellFlags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;

    private IActorRef Watch(IActorRef subject, object? message)
    {
        if (!ReferenceEquals(subject, this) && DeathWatch.Watch(subject, message))
        {
            var watchee = (IInternalActorRef)subject;
            watchee.SendSystemMessage(new Watch(watchee, this));
        }

        return subject;
    }

    private static Receive AsReceive(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private ActorCell Cell => Unsafe.As<ActorCell>(this);
}
