using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// One user: remembers their channels for ever, and for as long as it is in memory what each of their connected devices has been sent.
/// <para>
/// Every live session has been sent everything up to each channel's <see cref="ChannelPosition.Head"/>. A delivery that continues there is
/// passed on as it came; one that leaves a gap makes the actor read the gap from the journal first (<see cref="DeliveryReceiver"/>). A
/// session that attaches is brought up to the heads beside all that and goes live when nothing happened since (<see cref="SessionStart"/>).
/// </para>
/// <para>
/// Connections outlive it: they are told when it goes, for whatever reason, and attach to the next incarnation.
/// </para>
/// <para>Most users do nothing most of the time, so what serves channels is made only for a user who has some.</para>
/// </summary>
public sealed class UserActor : RecoveringActor, IWithTimers
{
    private const int SnapshotEvery = 100;

    private readonly UserServices _services;
    private readonly UserSessions _sessions = new();
    private Inbox? _inbox;
    private ReadCursors? _reads;
    private CursorSaver? _cursors;
    private DeliveryReceiver? _deliveries;
    private Absences? _absences;
    private UserState _state;
    private bool _isLeaving;
    private bool _isHandingOff;

    public UserActor(UserId id, UserServices services)
    {
        _services = services;
        _state = UserState.Empty(id);
    }

    public override string PersistenceId => StoredEvents.UserPrefix + Id.Value;

    public ITimerScheduler Timers { get; set; } = null!;

    private UserId Id => _state.Id;

    private Inbox Inbox => _inbox ??= new Inbox(_services.Options.SyncQueueLength);

    private ReadCursors Reads => _reads ??= new ReadCursors(Inbox, _sessions);

    private CursorSaver Cursors => _cursors ??= new CursorSaver(Id, Inbox, Reads, _services, Self, Timers);

    private DeliveryReceiver Deliveries =>
        _deliveries ??= new DeliveryReceiver(Inbox, _sessions, Cursors, Reads, _services.IsClustered, _services.Timelines, Self, Timers);

    private SessionStart Start => new(_state, _services, _sessions, Self);

    // Null if nobody is told anything while they are absent.
    private Absences? Absences =>
        _services.Pushes is null ? null : _absences ??= new Absences(Id, _services, _services.Pushes, _sessions, Self, Timers);

    /// <summary>Makes users; the entity id is the user's.</summary>
    public static Props Props(UserId id, UserServices services) => Akka.Actor.Props.CreateBy(new UserProducer(id, services));

    protected override void PreStart() => PassivateWhenIdle();

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case UserEvent e:
                _state = _state.Apply(e);
                break;
            case SnapshotOffer { Snapshot: UserState snapshot }:
                _state = snapshot;
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case DeliverEvents deliver:
                OnDelivery(deliver.Delivery);
                break;
            case MoveCursor move:
                Cursors.Move(new DeviceCursor(move.Device, move.Channel, move.Id), _state);
                break;
            case MoveReadCursor move:
                Cursors.Move(new DeviceCursor(DeviceCursors.Reader, move.Channel, move.Id), _state);
                break;
            case DeliverReceipts deliver when !_sessions.IsEmpty && _state.MemberSince(deliver.Receipts.Channel) is not null:
                Deliveries.Receive(deliver.Receipts, Id);
                break;
            case ProbeDelivery probe:
                OnProbe(probe);
                break;
            case FilterWatched filter:
                new WatchPermissions(Id, _services).Answer(filter, [.. _state.Channels], Sender, Self);
                break;
            case WatchFiltered filtered:
                WatchPermissions.Tell(filtered, Timers);
                break;
            case ContactsChanged or WatchOutdated:
                _sessions.TellAll(WatchOutdated.Instance);
                break;
            case TypingNotice typing when _state.MemberSince(typing.Channel) is not null:
                _sessions.Announce(typing);
                break;
            case RecordMembership membership:
                OnMembership(membership);
                break;
            case SetMute mute:
                OnSetMute(mute);
                break;
            case ReviewAbsence or IAbsenceSignal or SocketsFound:
                Absences?.Handle(_state, message, Sender);
                break;
            case AttachSession attach:
                OnAttach(attach, Sender, isThere: false);
                break;
            case ActorIdentity { MessageId: AttachSession attach } identity when !identity.Subject.IsNobody():
                OnAttach(attach, identity.Subject, isThere: true);
                break;
            case SessionDue due:
                Start.Load(due, Cursors.Moves);
                break;
            case SessionLoaded loaded:
                Start.Begin(loaded, Inbox, Cursors.Moves, Deliveries, Reads);
                Cursors.Hear(loaded.Cursors, _state);
                Cursors.PlaceMoves(_state);
                break;
            case SessionRead read:
                if (Start.Continue(read, Inbox))
                {
                    Absences?.End();
                }

                break;
            case SessionFailed failed:
                OnSessionFailed(failed);
                break;
            case GapRead gap:
                Deliveries.OnGapRead(gap);
                break;
            case GapReadDue due:
                Deliveries.ReadGap(due.Channel);
                break;
            case Terminated gone:
                OnConnectionGone(gone.ActorRef);
                break;
            case RevokeDevice revoke:
                EndSessions(session => session.Device == revoke.Device, SessionRevoked.Instance);
                break;
            case RegisterDevice register:
                new StoredCursors(_services).RegisterAsync(register.Device, [.. _state.Channels])
                    .PipeTo(Sender, success: () => DeviceRegistered.Instance, failure: _ => SessionUnavailable.Instance);
                break;
            case ListChannels:
                Sender.Tell(new UserChannels([.. _state.Channels], _state.Muted));
                break;
            case SaveCursors:
                Cursors.SaveNow();
                break;
            case CursorsSaved saved:
                OnCursorsSaved(saved);
                break;
            case PositionsRead read when Cursors.OnPositionsRead(read):
                Start.Learn(Inbox, read.Heads!, read.Receipts, Deliveries, Reads);
                Cursors.PlaceMoves(_state);
                StopIfHandedOff();
                break;
            case PositionsDue:
                Cursors.ReadPositions(_state);
                break;
            case ReceiveTimeout when _sessions.IsEmpty:
                OnIdle();
                break;
            case Passivated or HandOffOverdue:
                Context.Stop(Self);
                break;
            case StopForHandOff:
                OnHandOff();
                break;
            default:
                OnSnapshotOutcome(message);
                break;
        }
    }

    /// <summary>Called before the runtime stops this actor. The channel asks again by itself.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Warning("User {0} could not store event {1} and restarts: {2}", Id, sequenceNr, cause.Message);

    protected override void PostStop()
    {
        if (!_isLeaving)
        {
            _cursors?.PassOn();
            Absences?.Abandon();
        }

        _sessions.TellAll(SessionInterrupted.Instance);
    }

    // ---- events of channels

    private void OnDelivery(Delivery delivery)
    {
        if (IsMember(delivery.Channel, delivery.Events[0].Id))
        {
            Deliveries.Receive(delivery);
            Absences?.Deliver(_state, delivery);
        }
    }

    private void OnProbe(ProbeDelivery probe)
    {
        if (IsMember(probe.Channel, probe.Head))
        {
            Deliveries.HearOf(probe.Channel, probe.Head);
            if (Absences is not { } absences || !absences.Probe(_state, probe, Sender))
            {
                Sender.Tell(new DeliveryAcknowledged(probe.Channel, Id, probe.Head));
            }
        }
    }

    /// <summary>Asks for the membership, if the event that tells of it is newer than the leave that the user knows.</summary>
    private bool IsMember(ChannelId channel, long heardOf)
    {
        var isMember = _state.MemberSince(channel) is not null;
        if (!isMember && !(_state.LeftSince(channel) >= heardOf))
        {
            _services.Channels.Tell(new MembershipUnknown(channel, Id));
        }

        return isMember;
    }

    // ---- membership

    private void OnMembership(RecordMembership membership)
    {
        var sender = Sender;
        var recorded = new MembershipRecorded(membership.Channel, Id, membership.ChangeId);
        var change = membership.View is null
            ? _state.DecideLeave(membership.Channel, membership.ChangeId)
            : _state.DecideJoin(membership.Channel, membership.ChangeId);
        if (change is null)
        {
            sender.Tell(recorded);
            return;
        }

        Persist(change, e =>
        {
            _state = _state.Apply(e);
            Deliveries.Change(membership, _state);
            if (membership.View is null)
            {
                _absences?.Forget(membership.Channel);
            }

            sender.Tell(recorded);
            SnapshotIfDue();
        });
    }

    private void SnapshotIfDue()
    {
        if (LastSequenceNr % SnapshotEvery == 0)
        {
            SaveSnapshot(_state);
        }
    }

    private void OnSetMute(SetMute mute)
    {
        var sender = Sender;
        var isMember = _state.MemberSince(mute.Channel) is not null;
        if (!isMember || _state.DecideMute(mute.Channel, mute.IsMuted) is not { } change)
        {
            sender.Tell(new MuteSet(isMember));
            return;
        }

        Persist(change, e =>
        {
            _state = _state.Apply(e);
            _absences?.Forget(mute.Channel);
            sender.Tell(new MuteSet(IsMember: true));
            SnapshotIfDue();
        });
    }

    // ---- sessions

    private void OnAttach(AttachSession attach, IActorRef connection, bool isThere)
    {
        if (_isLeaving || _isHandingOff)
        {
            // The region keeps it for the next incarnation, as soon as the shard knows that this one is leaving.
            _services.Users.Tell(attach, connection);
            return;
        }

        if (!isThere && _sessions.IsToReplace(attach, connection))
        {
            // While shards move, word of a connection is held up: its client may have gone, and have come back over the one that is here.
            connection.Tell(new Identify(attach), Self);
            return;
        }

        if (_sessions.Admit(attach, connection, Context) is not { } session)
        {
            return;
        }

        Context.SetReceiveTimeout(null);
        if (_state.IsNew)
        {
            session.GoLive();
            Absences?.End();
            return;
        }

        // Attempts that waited together, as for a user who was recovering, are all in before the stores are asked: for the last of them.
        Absences?.Doubt(session);
        Self.Tell(new SessionDue(session, attach));
    }

    private void OnSessionFailed(SessionFailed failed)
    {
        if (_sessions.Contains(failed.Session))
        {
            Log.Warning("User {0}: device {1} could not be brought up to date: {2}", Id, failed.Session.Device, failed.Cause.Message);
            Absences?.Doubt(failed.Session);
            EndSessions(session => session == failed.Session, SessionUnavailable.Instance);
        }
    }

    private void EndSessions(Predicate<Session> which, object farewell)
    {
        if (_sessions.End(which, farewell, Context))
        {
            OnSessionsEnded();
        }
    }

    private void OnConnectionGone(IActorRef connection)
    {
        _sessions.Remove(session => session.Connection.Equals(connection));
        _cursors?.SaveNow();
        OnSessionsEnded();
    }

    private void OnSessionsEnded()
    {
        if (_inbox is not null)
        {
            Absences?.Begin(_state, _inbox, Cursors);
        }

        PassivateWhenIdle();
    }

    private void OnCursorsSaved(CursorsSaved saved)
    {
        if (Cursors.OnSaved(saved, _state))
        {
            _sessions.TellStored(saved.Moves);
            StopIfHandedOff();
        }
    }

    // ---- leaving memory

    // What is being persisted is persisted by now: commands wait for that.
    private void OnHandOff()
    {
        _isHandingOff = true;
        Timers.StartSingleTimer(HandOffOverdue.Instance, HandOffOverdue.Instance, StopForHandOff.Patience);
        StopIfHandedOff();
    }

    private void StopIfHandedOff()
    {
        if (_isHandingOff && _cursors?.SaveNow() != true)
        {
            Context.Stop(Self);
        }
    }

    private void PassivateWhenIdle()
    {
        if (_sessions.IsEmpty)
        {
            Context.SetReceiveTimeout(TimeSpan.FromSeconds(_services.Options.PassivateAfterSeconds));
        }
    }

    private void OnIdle()
    {
        if (_cursors?.SaveNow() != true)
        {
            _isLeaving = true; // which can't be taken back
            Context.Parent.Tell(new Passivate(Passivated.Instance));
        }
    }
}
