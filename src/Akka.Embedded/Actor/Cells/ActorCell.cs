using System.Runtime.CompilerServices;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// An actor's cell: its reference, its context, its mailbox and the work item that runs it are this one object.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>Only the thread that set <see cref="CellInbox.Scheduled"/> runs the cell, until it clears the bit; that bit is the lock of
/// all fields below but the queues and the children. Setting and clearing it are full fences, so a batch sees what the
/// previous one wrote, whatever thread ran it.</item>
/// <item>A mailbox that is not empty, of a cell that is not blocked, implies that the bit is set or about to be: by the
/// producer that found the mailbox empty, or by the runner, which looks again after clearing it.</item>
/// <item>A reference may outlive its actor by far, so a stopped cell keeps its name and its parent and nothing else.</item>
/// </list>
/// One object instead of a separate reference costs a stopped actor that is still referred to about 100 bytes and saves a
/// living one about 40; what most actors never use is in <see cref="CellExtras"/>.
/// </remarks>
internal sealed class ActorCell : CellInbox, IInternalActorRef, IUntypedActorContext, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static ActorCell? current;

    // The order is the order in memory: what a batch writes per message is last, a cache line away from the inbox.
    private readonly ActorSystemImpl _system;
    private readonly ActorCell? _parent;
    private readonly string _name;
    private Props _props;
    private Children? _children;
    private ActorBase? _actor;
    private Receive? _behavior;
    private CellExtras? _extras;
    private MessageNode? _firstMessage;
    private MessageNode? _message;
    private readonly long _uid;
    private short _blocked;
    private CellFlags _flags;
    private SystemQueue _systemQueue;

    public DeathWatch DeathWatch;

    public ActorCell(ActorSystemImpl system, ActorCell? parent, Props props, string name)
    {
        _system = system;
        _parent = parent;
        _props = props;
        _name = name;
        _uid = system.NextUid();
    }

    /// <summary>The cell that this thread runs. The test kit lends its own to the test's thread.</summary>
    public static ActorCell? Current
    {
        get => current;
        set => current = value;
    }

    public ActorSystemImpl SystemImpl => _system;

    public ActorBase? Actor
    {
        get => _actor;
        set => _actor = value;
    }

    public string Name => _name;

    public long Uid => _uid;

    public ActorCell? Parent => _parent;

    /// <summary>What the actor is made of, the next time too. Set only while it is being made.</summary>
    public Props Props
    {
        get => _props;
        set => _props = value;
    }

    public ActorPath Path => _children is { } children && children != Children.Closed ? children.OwnerPath : BuildPath();

    public IActorRef Sender => _message?.Sender ?? SystemImpl.DeadLetters;

    public object? CurrentMessage => _message?.Message;

    /// <summary>
    /// The node of the message that is being handled, which a stash takes over. A persistent actor sets it while it runs a
    /// handler on behalf of an earlier message. Runner only.
    /// </summary>
    public MessageNode? CurrentNode
    {
        get => _message;
        set => _message = value;
    }

    /// <summary>An asynchronous handler is not done yet.</summary>
    public bool IsAwaiting => _extras?.Awaited is not null;

    /// <summary>How many reasons there are for user messages to wait. Runner only.</summary>
    public int BlockCount => _blocked;

    public CellExtras Extras => _extras ??= new CellExtras();

    public CellExtras? ExtrasOrNull => _extras;

    public bool HasMessages => Volatile.Read(ref LastMessage) is not null;

    public bool IsTerminated => (Volatile.Read(ref Status) & Closed) != 0;

    public bool IsCreating
    {
        get => Has(CellFlags.Creating);
        private set => Set(CellFlags.Creating, value);
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

    /// <summary>The event stream has this cell as a subscriber, and must hear that it has stopped.</summary>
    public bool IsSubscriber
    {
        get => Has(CellFlags.Subscriber);
        set => Set(CellFlags.Subscriber, value);
    }

    /// <summary>The actor overrides <c>AroundReceive</c>, so it must be given a behaviour that it can call.</summary>
    public bool WrapsReceive
    {
        get => Has(CellFlags.WrapsReceive);
        set => Set(CellFlags.WrapsReceive, value);
    }

    /// <summary>The parent has asked this child to stop. Guarded by the parent's <see cref="Children"/>.</summary>
    public bool IsStopping { get; set; }

    IInternalActorRef? IInternalActorRef.Parent => _parent;

    IActorRef IActorContext.Self => this;

    ActorSystem IActorContext.System => SystemImpl;

    IActorRef IActorContext.Parent => _parent ?? (IActorRef)ActorRefs.Nobody;

    TimeSpan? IActorContext.ReceiveTimeout => _extras?.Timeout?.Duration;

    public ActorPath BuildPath() => _parent is null
        ? SystemImpl.RootPath
        : new ChildActorPath(_parent.Path, _name, _uid);

    /// <summary>Schedules the first run, which creates the actor.</summary>
    public void Start() => TrySchedule();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        if ((Volatile.Read(ref Status) & Closed) != 0)
            SystemImpl.DeadLetters.Publish(message, sender, this);
        else if (Mailbox.Enqueue(ref LastMessage, ref _firstMessage, new MessageNode(message, sender)))
            TrySchedule();
    }

    public void SendSystemMessage(SystemMessage message)
    {
        if ((Volatile.Read(ref Status) & Closed) != 0)
        {
            message.Dead(SystemImpl);
            return;
        }

        _systemQueue.Enqueue(message);
        TrySchedule();
    }

    public void Stop() => SendSystemMessage(new Terminate());

    void IThreadPoolWorkItem.Execute()
    {
        var previous = current;
        current = this;
        if (!Has(CellFlags.Created))
        {
            Set(CellFlags.Created, true);
            FaultHandling.Create(this);
        }

        ProcessSystemMessages();
        var budget = SystemImpl.Throughput;
        while (_blocked == 0 && Mailbox.Dequeue(ref LastMessage, ref _firstMessage) is { } node)
        {
            Invoke(node);
            if (!_systemQueue.IsEmpty)
                ProcessSystemMessages();
            if (--budget == 0)
                break;
        }

        _extras?.Timeout?.BatchDone();
        current = previous;
        Release(yielding: budget == 0);
    }

    /// <summary>Puts messages before all others. Runner only.</summary>
    public void Prepend(MessageNode first, MessageNode last) => Mailbox.Prepend(ref LastMessage, ref _firstMessage, first, last);

    /// <summary>Keeps user messages waiting until the matching <see cref="Unblock"/>. Runner only.</summary>
    public void Block() => _blocked++;

    public void Unblock() => _blocked--;

    public MailboxStash CreateStash() => new(this);

    public ActorBase NewActor()
    {
        IsCreating = true;
        try
        {
            var actor = _props.NewActor();
            ActorPlugins.Attach(this, actor);
            actor.Initialized();
            return actor;
        }
        finally
        {
            IsCreating = false;
        }
    }

    /// <summary>Lets go of the instance: at a restart and at the end.</summary>
    public void ClearActor()
    {
        if (Actor is not { } actor)
            return;
        ActorPlugins.Detach(this, actor);
        _props.Release(actor);
        Actor = null;
        _behavior = null;
        if (_extras?.ClearActor() == true)
            Unblock();
    }

    public void ClearCurrentMessage() => _message = null;

    /// <summary>Runs a continuation of a handler as if the handler were still running.</summary>
    public void Resume(MessageNode? awaited, SendOrPostCallback callback, object? state)
    {
        var message = _message;
        _message = awaited;
        try
        {
            callback(state);
        }
        finally
        {
            _message = message;
        }
    }

    /// <summary>Makes the message that a task was started for current again, as the failing one. Runner only.</summary>
    public void FailAsync(MessageNode awaited, Exception cause)
    {
        _message = awaited;
        FaultHandling.Fail(this, cause);
    }

    /// <summary>No message is accepted any more; those that wait become dead letters. Runner only.</summary>
    public void Close()
    {
        Interlocked.Or(ref Status, Closed);
        _blocked = 1;
        DrainToDeadLetters();
        _props = Props.None;
        _message = null;
        _extras = null;
        Interlocked.Exchange(ref _children, Children.Closed);
    }

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null)
            ValidateName(name);
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
            var created = new Children(this);
            children = Interlocked.CompareExchange(ref _children, created, null) ?? created;
        }

        var child = children.Add(props, name);
        child.Start();
        return child;
    }

    /// <summary>Null when the cell never had a child, <see cref="Children.Closed"/> when it can't have one any more.</summary>
    public Children? ChildrenOrNull => _children;

    /// <summary>The children at the moment when no more can be created.</summary>
    public Children CloseChildren() => Interlocked.CompareExchange(ref _children, Children.Closed, null) ?? Children.Closed;

    public IEnumerable<IActorRef> GetChildren() => _children?.Snapshot() ?? [];

    public IActorRef Child(string name) => _children is not null && _children.TryGet(name, out var child) ? child : ActorRefs.Nobody;

    public void Stop(IActorRef child)
    {
        if (child is ActorCell cell && cell._parent == this)
            _children?.MarkStopping(cell);
        ((IInternalActorRef)child).Stop();
    }

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message) => Watch(subject, message);

    public IActorRef Unwatch(IActorRef subject)
    {
        if (!ReferenceEquals(subject, this) && DeathWatch.Unwatch(subject, out _))
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch(this));
        _extras?.QueuedTerminations?.Remove(subject);
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
        if (timeout is null && _extras is null)
            return;
        Extras.Timeout = timeout is { } duration ? ReceiveTimeoutClock.Start(this, duration) : null;
    }

    /// <summary>Runs asynchronous work as part of the current message.</summary>
    public void RunTask(Func<Task> action) =>
        RunTask(static (work, _) => Unsafe.As<Func<Task>>(work)(), action, CurrentMessage!);

    /// <inheritdoc cref="RunTask(Func{Task})"/>
    public void RunTask(Func<object, object, Task> run, object action, object message) =>
        ActorTasks.Run(this, run, action, message);

    public bool Equals(IActorRef? other) => ActorRefEquality.Equals(this, other);

    public override bool Equals(object? obj) => ActorRefEquality.Equals(this, obj as IActorRef);

    public override int GetHashCode() => _uid.GetHashCode();

    public int CompareTo(IActorRef? other) => ActorRefEquality.Compare(this, other);

    public int CompareTo(object? obj) => ActorRefEquality.Compare(this, obj as IActorRef);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";

    private void Invoke(MessageNode node)
    {
        _message = node;
        try
        {
            var message = node.Message;
            if (message is TimerTask timer)
            {
                if (!timer.TryTake(this, out message))
                    return;
                node.Message = message;
            }

            if (_extras?.Timeout is { } timeout && message is not INotInfluenceReceiveTimeout)
                timeout.Touch();
            if (message is IAutoReceivedMessage)
                AutoReceive(message);
            else
                Actor!.Deliver(_behavior, message);
        }
        catch (Exception e)
        {
            FaultHandling.Fail(this, e);
            return;
        }

        _message = null;
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                // One that Unwatch took back, or that no runtime sent, isn't delivered.
                if (_extras?.QueuedTerminations is { } queued && queued.Remove(terminated.ActorRef, out var custom))
                    Actor!.Deliver(_behavior, custom ?? terminated);
                break;
            case PoisonPill:
                Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, this), this);
                break;
            default:
                Actor!.Deliver(_behavior, message);
                break;
        }
    }

    private void ProcessSystemMessages()
    {
        while (_systemQueue.Drain() is { } message)
        {
            for (SystemMessage? next; ; message = next)
            {
                next = message.Next;
                message.Next = null;
                if (IsTerminated)
                    message.Dead(SystemImpl);
                else
                    Invoke(message);
                if (next is null)
                    break;
            }
        }
    }

    private void Invoke(SystemMessage message)
    {
        try
        {
            message.Invoke(this);
        }
        catch (Exception e)
        {
            FaultHandling.Fail(this, e);
        }
    }

    private void TrySchedule()
    {
        var status = Volatile.Read(ref Status);
        while ((status & Scheduled) == 0)
        {
            var seen = Interlocked.CompareExchange(ref Status, status | Scheduled, status);
            if (seen == status)
            {
                SystemImpl.Executor.Execute(this, yielding: false);
                return;
            }

            status = seen;
        }
    }

    private void Release(bool yielding)
    {
        if (IsTerminated)
            DrainToDeadLetters();
        else if (yielding && _blocked == 0 && HasMessages)
        {
            // Still scheduled: it only goes to the end of the line.
            SystemImpl.Executor.Execute(this, yielding: true);
            return;
        }

        // Once the bit is cleared the cell may run elsewhere, so whether messages were to wait is asked before.
        var open = _blocked == 0 || IsTerminated;
        Interlocked.And(ref Status, ~Scheduled);
        if (!_systemQueue.IsEmpty || (open && HasMessages))
            TrySchedule();
    }

    private void DrainToDeadLetters()
    {
        while (Mailbox.Dequeue(ref LastMessage, ref _firstMessage) is { } node)
        {
            if (node.Message is not TimerTask)
                SystemImpl.DeadLetters.Publish(node.Message, node.Sender, this);
        }
    }

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

    private static void ValidateName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("Actor name must not be empty");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with '$', include only ASCII letters, digits "
                + $"and these special characters: {ActorPath.ValidSymbols}.");
        }
    }

    private bool Has(CellFlags flag) => (_flags & flag) != 0;

    private void Set(CellFlags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;
}

/// <summary>
/// The end of a cell that senders write to. It is a base class because the runtime lays a base's fields out before the
/// cell's own: senders and the running batch would otherwise pull one cache line back and forth with every message.
/// </summary>
internal abstract class CellInbox
{
    // Bits of Status.
    private protected const int Scheduled = 1;
    private protected const int Closed = 2;

    private protected MessageNode? LastMessage;
    private protected int Status;
}

[Flags]
internal enum CellFlags : byte
{
    None = 0,
    Created = 1,
    Creating = 2,
    Failed = 4,
    Terminating = 8,
    Subscriber = 16,
    WrapsReceive = 32,
}
