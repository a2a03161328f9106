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
internal sealed class ActorCell : CellContext, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static ActorCell? _current;

    private MessageNode? _firstMessage;
    private MessageNode? _message;
    private SystemQueue _systemQueue;

    public ActorCell(ActorSystemImpl system, ActorCell? parent, Props props, string name) : base(system, parent, props, name) { }

    /// <summary>The cell that this thread runs. The test kit lends its own to the test's thread.</summary>
    public static ActorCell? Current
    {
        get => _current;
        set => _current = value;
    }

    public override IActorRef Sender => _message?.Sender ?? SystemImpl.DeadLetters;

    public override object? CurrentMessage => _message?.Message;

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
    public bool IsAwaiting => ExtrasOrNull?.Awaited is not null;

    /// <summary>There is something to do before the next user message, such as to stop.</summary>
    public bool HasSystemMessages => !_systemQueue.IsEmpty;

    public bool HasMessages => Volatile.Read(ref LastMessage) is not null;

    public bool IsTerminated => (Volatile.Read(ref Status) & Closed) != 0;

    /// <summary>The event stream has this cell as a subscriber, and must hear that it has stopped. Set by any thread.</summary>
    public bool IsSubscriber => (Volatile.Read(ref Status) & Subscriber) != 0;

    public void MarkSubscriber() => Interlocked.Or(ref Status, Subscriber);

    /// <summary>Schedules the first run, which creates the actor.</summary>
    public void Start() => TrySchedule();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        if ((Volatile.Read(ref Status) & Closed) != 0)
            SystemImpl.DeadLetters.Publish(message, sender, this);
        else if (Mailbox.Enqueue(ref LastMessage, ref _firstMessage, new MessageNode(message, sender)))
            TrySchedule();
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        if ((Volatile.Read(ref Status) & Closed) != 0)
        {
            message.Dead(SystemImpl);
            return;
        }

        _systemQueue.Enqueue(message);
        TrySchedule();
    }

    public override void Stop() => SendSystemMessage(new Terminate());

    void IThreadPoolWorkItem.Execute()
    {
        var previous = _current;
        _current = this;
        if (!Has(CellFlags.Created))
        {
            Set(CellFlags.Created, true);
            FaultHandling.Create(this);
        }

        var mayRun = ProcessSystemMessages();
        var budget = SystemImpl.Throughput;
        while (mayRun && Blocked == 0 && Mailbox.Dequeue(ref LastMessage, ref _firstMessage) is { } node)
        {
            Invoke(node);
            if (!_systemQueue.IsEmpty && !ProcessSystemMessages())
                break;
            if (--budget == 0)
                break;
        }

        ExtrasOrNull?.Timeout?.BatchDone();
        _current = previous;
        Release(yielding: budget == 0);
    }

    /// <summary>Puts messages before all others. Runner only.</summary>
    public void Prepend(MessageNode first, MessageNode last) => Mailbox.Prepend(ref LastMessage, ref _firstMessage, first, last);

    /// <summary>Keeps user messages waiting until the matching <see cref="Unblock"/>. Runner only.</summary>
    public void Block() => Blocked++;

    /// <remarks>A child that another thread created while its parent was suspended is resumed without having been suspended.</remarks>
    public void Unblock() => Blocked = Math.Max(0, Blocked - 1);

    public MailboxStash CreateStash() => new(this);

    public ActorBase NewActor()
    {
        IsCreating = true;
        try
        {
            var actor = Props.NewActor();
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
        Props.Release(actor);
        Actor = null;
        Behavior = null;
        if (ExtrasOrNull?.ClearActor() == true)
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
        Blocked = 1;
        DrainToDeadLetters();
        _message = null;
        Clear();
    }

    private void Invoke(MessageNode node)
    {
        _message = node;
        try
        {
            var message = node.Message;
            if (message is not TimerTask timer)
                Receive(message);
            else if (timer.TryTake(this, out message))
                Receive(node.Message = message);
        }
        catch (Exception e)
        {
            FaultHandling.Fail(this, e);
            return;
        }

        _message = null;
    }

    private void Receive(object message)
    {
        if (ExtrasOrNull?.Timeout is { } timeout && message is not INotInfluenceReceiveTimeout)
            timeout.Touch();
        if (message is IAutoReceivedMessage)
            AutoReceive(message);
        else
            Actor!.Deliver(Behavior, message);
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                // One that Unwatch took back, or that no runtime sent, isn't delivered.
                if (ExtrasOrNull is { } extras && extras.TryTakeTermination(terminated.ActorRef, out var custom))
                    Actor!.Deliver(Behavior, custom ?? terminated);
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
                Actor!.Deliver(Behavior, message);
                break;
        }
    }

    // False when it gave up with messages left: a handler that posts continuation after continuation must not keep the thread.
    private bool ProcessSystemMessages()
    {
        for (var rounds = SystemImpl.Throughput; _systemQueue.Drain() is { } message; rounds--)
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

            if (rounds <= 0)
                return _systemQueue.IsEmpty;
        }

        return true;
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
        else if (yielding && Blocked == 0 && HasMessages)
        {
            // Still scheduled: it only goes to the end of the line.
            SystemImpl.Executor.Execute(this, yielding: true);
            return;
        }

        // Once the bit is cleared the cell may run elsewhere, so whether messages were to wait is asked before.
        var open = Blocked == 0 || IsTerminated;
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
}
