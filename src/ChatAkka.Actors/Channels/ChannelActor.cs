using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// One channel: the single writer of its timeline. The domain decides; this actor persists, then applies, then replies, then delivers.
/// <para>
/// At most one write is under way. Commands that arrive meanwhile wait and are decided together afterwards (<see cref="CommandBatch"/>),
/// so that a busy channel pays one commit for many messages and an idle one pays no delay. An event's id is its sequence nr in the journal;
/// a second incarnation of the channel can't commit the same nr, so a write that fails for whatever reason ends this incarnation:
/// its state may be behind the truth. The next message starts a new one, which recovers.
/// </para>
/// </summary>
public sealed class ChannelActor : RecoveringActor, IWithTimers
{
    private const int MaxPendingTextLength = 16 << 20;
    private static readonly TimeSpan PacePatience = TimeSpan.FromMilliseconds(20);

    private readonly ChannelServices _services;
    private readonly CommandQueue _queue;
    private readonly DeliveryLedger _ledger;
    private readonly MembershipSettlement _settlement;
    private readonly MemberSignals _signals;
    private readonly DeliveryProbe _probe;
    private ChannelState _state;
    private CommandBatch? _writing;
    private ChannelFacts? _facts;
    private long _snapshotHead;
    private bool _isHandingOff;

    public ChannelActor(ChannelId id, ChannelServices services)
    {
        _services = services;
        _state = ChannelState.Empty(id);
        _queue = new CommandQueue(services.Options.MaxPendingPerChannel, MaxPendingTextLength);
        var routes = new MemberRoutes(services.Relays);
        _ledger = new DeliveryLedger(id, services.Users, routes);
        _settlement = new MembershipSettlement(id, services.Users);
        _signals = new MemberSignals(id, services.Users, routes);
        _probe = new DeliveryProbe(_ledger, _settlement, services.Deliveries);
        PersistenceId = TimelineReader.PersistenceId(id);
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Makes channels; the entity id is the channel's.</summary>
    public static Props Props(ChannelId id, ChannelServices services) => Akka.Actor.Props.Create(() => new ChannelActor(id, services));

    private ChannelId Id => _state.Id;

    private ChannelFacts Facts => _facts ??= new ChannelFacts(Id, _services, Self);

    private bool IsLoading => _facts is { IsLoading: true };

    private bool IsIdle => _writing is null && !IsLoading && _queue.Count == 0 && _settlement.IsSettled;

    protected override void PreStart() => Context.SetReceiveTimeout(TimeSpan.FromSeconds(_services.Options.PassivateAfterSeconds));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case ChannelEvent e:
                _state = Channel.Apply(_state, e);
                _settlement.Note(e);
                break;
            case SnapshotOffer { Snapshot: ChannelState snapshot }:
                _state = snapshot;
                _snapshotHead = snapshot.Head;
                break;
            case RecoveryCompleted when _state.Exists:
                _ledger.Follow(_state);
                _settlement.TellUsers(_state, Self);
                _probe.Start(Timers);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ChannelCommand command:
                Enqueue(new PendingCommand(command, Sender));
                break;
            case DeliveryAcknowledged acknowledged:
                _ledger.Acknowledge(acknowledged.User, acknowledged.Head, Sender, Self);
                _probe.Answered();
                break;
            case MembersAcknowledged acknowledged:
                foreach (var user in acknowledged.Users)
                {
                    _ledger.Acknowledge(user, acknowledged.Head, Sender, Self);
                }

                _probe.Answered();
                break;
            case MembershipRecorded recorded:
                OnRecorded(recorded);
                break;
            case MembershipUnknown unknown:
                OnMembershipUnknown(unknown.User);
                break;
            case ReceiptMoved moved when _state.Find(moved.User) is not null:
                _signals.Receipt(moved, Timers);
                break;
            case ReceiptsDue:
                _signals.TellReceipts(Timers);
                break;
            case UserTyping typing when _state.Find(typing.By) is not null:
                OnTyping(typing);
                break;
            case FactsLoaded loaded:
                OnFactsLoaded(loaded);
                break;
            case ResumeDelivery:
                Sender.Tell(DeliveryResumed.Instance); // the recovery has begun to ask the members
                break;
            case ForgetBlocks:
                _facts?.ForgetBlocks();
                Sender.Tell(BlocksForgotten.Instance);
                break;
            case FactsUnavailable unavailable:
                OnFactsUnavailable(unavailable.Cause);
                break;
            case PaceOverdue:
                _ledger.ReleaseHeld(Self);
                break;
            case ProbeDue:
                _probe.Run(_state, Self, Timers);
                break;
            case ReceiveTimeout when IsIdle:
                Context.Parent.Tell(new Passivate(Passivated.Instance));
                break;
            case Passivated:
                Context.Stop(Self);
                break;
            case StopForHandOff:
                _isHandingOff = true;
                Timers.StartSingleTimer(HandOffOverdue.Instance, HandOffOverdue.Instance, StopForHandOff.Patience);
                LeaveIfHandedOff();
                break;
            case HandOffOverdue:
                RefuseAll();
                Leave();
                break;
            default:
                OnSnapshotOutcome(message);
                break;
        }
    }

    /// <summary>Called before the runtime stops this actor: nothing of the batch was acknowledged, and nothing may be from now
    /// on.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Log.Warning("Channel {0} could not store event {1} and restarts: {2}", Id, sequenceNr, cause.Message);
        RefuseAll();
    }

    /// <summary>The journal took the write for malformed. Its sequence nr is spent all the same, so ids would have a gap: recover
    /// instead.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Log.Error(cause, "Channel {0} had event {1} rejected by the journal", Id, sequenceNr);
        RefuseAll();
        Context.Stop(Self);
    }

    // Nobody would tell these receipts again.
    protected override void PostStop() => _signals.TellWaiting();

    private void Enqueue(PendingCommand pending)
    {
        if (_queue.TryAdd(pending))
        {
            Advance();
        }
        else
        {
            pending.Refuse(Refusal.Busy);
        }
    }

    /// <summary>Decides what waits, unless a write or a look-up is under way.</summary>
    private void Advance()
    {
        while (_writing is null && !IsLoading && _queue.Count > 0)
        {
            var batch = DecideBatch();
            if (batch.Events.Count > 0)
            {
                Write(batch);
            }
            else
            {
                Reply(batch);
            }
        }

        LeaveIfHandedOff();
    }

    private CommandBatch DecideBatch()
    {
        var batch = new CommandBatch(_state);
        while (!batch.IsFull && _queue.TryPeek(out var pending))
        {
            switch (Channel.Decide(batch.State, pending.Command, Facts.Context()))
            {
                case Accepted accepted:
                    if (batch.Events.Count > 0 && ChangesMembers(accepted))
                    {
                        return batch; // decided again, first in the next batch
                    }

                    batch.Add(pending, accepted);
                    break;
                case Declined declined:
                    batch.Add(pending, declined);
                    break;
                case Undecided undecided:
                    if (batch.Events.Count == 0)
                    {
                        Facts.Load(undecided);
                    }

                    return batch; // facts are read from the journal: write first what they may be about
            }

            Facts.Decided();
            _queue.Take();
        }

        return batch;
    }

    private static bool ChangesMembers(Accepted accepted) => accepted.Events.Any(e => e is ChannelCreated or MemberAdded or MemberRemoved);

    private void Write(CommandBatch batch)
    {
        _writing = batch;
        var last = batch.State.Head;
        PersistAllAsync(batch.Events, e =>
        {
            if (e.Id == last)
            {
                OnCommitted(batch);
            }
        });
    }

    private void OnCommitted(CommandBatch batch)
    {
        if (LastSequenceNr != batch.State.Head)
        {
            throw new InvalidOperationException($"channel {Id} is at {batch.State.Head}, its journal at {LastSequenceNr}");
        }

        _writing = null;
        _state = batch.State;
        if (batch.ChangesMembers)
        {
            _ledger.ReleaseHeld(Self); // to those who were members then
            batch.Events.ForEach(_settlement.Note);
            _ledger.Follow(_state);
            _signals.Follow(_state);
            _settlement.TellUsers(_state, Self);
        }

        Reply(batch);
        Deliver(batch.Events);
        _probe.Start(Timers);
        SnapshotIfDue();
        Advance();
    }

    private void Reply(CommandBatch batch)
    {
        foreach (var (command, reply) in batch.Replies)
        {
            _settlement.Answer(command, reply, _state.Kind);
        }
    }

    private void Deliver(List<ChannelEvent> events)
    {
        if (_state.Kind == ChannelKind.Direct && !_settlement.IsSettled)
        {
            _settlement.Hold(events);
            return;
        }

        _ledger.Deliver(events, Self);
        if (_ledger.IsHolding && !Timers.IsTimerActive(PaceOverdue.Instance))
        {
            Timers.StartSingleTimer(PaceOverdue.Instance, PaceOverdue.Instance, PacePatience);
        }
    }

    private void OnRecorded(MembershipRecorded recorded)
    {
        _ledger.Locate(recorded.User, Sender);
        if (_settlement.Recorded(recorded.User, recorded.ChangeId))
        {
            _settlement.Release(_ledger, Self);
            if (_state.Kind == ChannelKind.Group)
            {
                TakeSnapshot(); // or every recovery would tell a hundred users what they know
            }

            LeaveIfHandedOff();
        }
    }

    private void OnMembershipUnknown(UserId user)
    {
        if (_state.Find(user) is { } member)
        {
            _settlement.Reopen(member);
            _settlement.TellUsers(_state, Self);
        }
    }

    private void OnTyping(UserTyping typing)
    {
        if (!Id.IsDirect || Facts.IsAnybodyBlocked() == false) // while it isn't known nobody is told
        {
            _signals.Typing(typing.By);
        }
    }

    private void OnFactsLoaded(FactsLoaded loaded)
    {
        Facts.Take(loaded);
        Advance();
    }

    private void OnFactsUnavailable(Exception cause)
    {
        Facts.GiveUp();
        Log.Warning("Channel {0} could not read what a command depends on: {1}", Id, cause.Message);
        if (_queue.Count > 0)
        {
            _queue.Take().Refuse(Refusal.Unavailable);
        }

        Advance();
    }

    private void RefuseAll()
    {
        foreach (var (command, _) in _writing?.Replies ?? [])
        {
            command.Refuse(Refusal.Unavailable);
        }

        _queue.RefuseAll();
        _settlement.GiveUp();
    }

    /// <summary>Everything that was taken is answered. What comes from now on the shard keeps for the next incarnation.</summary>
    private void LeaveIfHandedOff()
    {
        if (_isHandingOff && IsIdle)
        {
            Leave();
        }
    }

    private void Leave()
    {
        _ledger.ReleaseHeld(Self);
        if (_probe.IsRunning)
        {
            // Members who haven't everything are asked by the next incarnation, which nobody else need have a reason to wake.
            _services.Channels?.Tell(new ResumeDelivery(Id), ActorRefs.NoSender);
        }

        Context.Stop(Self);
    }

    /// <summary>The larger the channel, the larger its snapshot (a few bytes an event), and the rarer.</summary>
    private void SnapshotIfDue()
    {
        if (_state.Head - _snapshotHead >= Math.Max(1000, _state.Head / 50) && _settlement.IsSettled)
        {
            TakeSnapshot();
        }
    }

    private void TakeSnapshot()
    {
        _snapshotHead = _state.Head;
        SaveSnapshot(_state);
    }
}
