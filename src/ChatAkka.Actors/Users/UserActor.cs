using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// One user: remembers their channels for ever, and for as long as it is in memory what each of their connected devices has been sent.
/// <para>
/// Every live session has been sent everything up to each channel's <see cref="ChannelPosition.Head"/>. A delivery that continues there is
/// passed on as it came; one that leaves a gap makes the actor read the gap from the journal first (<see cref="DeliveryReceiver"/>). A
/// session that attaches is brought up to the heads beside all that (<see cref="CatchUp"/> says with what, <see cref="SessionSync"/> sends
/// it) and goes live when nothing happened since.
/// </para>
/// <para>Most users do nothing most of the time, so what serves channels is made only for a user who has some.</para>
/// </summary>
public sealed class UserActor : UntypedPersistentActor, IWithTimers
{
    private const int SnapshotEvery = 100;
    private static readonly TimeSpan WatchAgainAfter = TimeSpan.FromSeconds(1);

    private readonly UserServices _services;
    private readonly UserSessions _sessions = new();
    private Inbox? _inbox;
    private CursorSaver? _cursors;
    private DeliveryReceiver? _deliveries;
    private Absences? _absences;
    private UserState _state;
    private bool _isLeaving;

    public UserActor(UserId id, UserServices services)
    {
        _services = services;
        _state = UserState.Empty(id);
    }

    public override string PersistenceId => "user-" + Id.Value;

    public ITimerScheduler Timers { get; set; } = null!;

    private UserId Id => _state.Id;

    private Inbox Inbox => _inbox ??= new Inbox(_services.Options.SyncQueueLength);

    private CursorSaver Cursors => _cursors ??= new CursorSaver(Id, Inbox, _services, Self, Timers);

    private DeliveryReceiver Deliveries =>
        _deliveries ??= new DeliveryReceiver(Inbox, _sessions, Cursors, _services.Timelines, Self, Timers);

    // Null if nobody is told anything while they are absent.
    private Absences? Absences =>
        _services.Pushes is null ? null : _absences ??= new Absences(Id, _services, _services.Pushes, _sessions, Self, Timers);

    /// <summary>Makes users; the entity id is the user's.</summary>
    public static Props Props(UserId id, UserServices services) => Akka.Actor.Props.Create(() => new UserActor(id, services));

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
            case MoveCursor move when _inbox?.Find(move.Channel) is { } position:
                Cursors.Move(move.Device, move.Channel, move.Id, position);
                break;
            case MoveReadCursor move when _inbox?.Find(move.Channel) is { } position:
                Cursors.Move(DeviceCursors.Reader, move.Channel, move.Id, position);
                break;
            case DeliverReceipts deliver when _state.MemberSince(deliver.Receipts.Channel) is not null:
                OnReceipts(deliver.Receipts);
                break;
            case ProbeDelivery probe:
                OnProbe(probe);
                break;
            case FilterWatched filter:
                OnFilterWatched(filter);
                break;
            case WatchFiltered filtered:
                OnWatchFiltered(filtered);
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
            case ReviewAbsence or AbsenceHeads or AbsenceReviewed or AbsenceReviewFailed or AbsenceReviewDue:
                Absences?.Handle(_state, message);
                break;
            case AttachSession when _isLeaving:
                // The region keeps it for the next incarnation, as soon as the shard knows that this one is leaving.
                _services.Users.Forward(message);
                break;
            case AttachSession attach:
                OnAttach(attach);
                break;
            case SessionLoaded loaded:
                OnSessionLoaded(loaded);
                break;
            case SessionSent sent:
                OnSessionSent(sent.Session);
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
                OnRegisterDevice(register.Device);
                break;
            case ListChannels:
                Sender.Tell(new UserChannels([.. _state.Channels], _state.Muted));
                break;
            case SaveCursors:
                Cursors.SaveNow();
                break;
            case CursorsSaved saved:
                Cursors.OnSaved(saved);
                break;
            case ReceiveTimeout when _sessions.IsEmpty:
                OnIdle();
                break;
            case Passivated:
                Context.Stop(Self);
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failed:
                Log.Warning("User {0} has no snapshot at {1}: {2}", Id, failed.Metadata.SequenceNr, failed.Cause.Message);
                break;
        }
    }

    /// <summary>
    /// Called before the runtime stops this actor. Its sessions learn of it by watching it; the channel asks again by itself.
    /// </summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Warning("User {0} could not store event {1} and restarts: {2}", Id, sequenceNr, cause.Message);

    protected override void PostStop() => _sessions.TellAll(SessionUnavailable.Instance);

    // ---- events of channels

    private void OnDelivery(Delivery delivery)
    {
        if (IsMember(delivery.Channel, delivery.Events[0].Id))
        {
            Deliveries.Receive(delivery);
            Absences?.Deliver(_state, delivery);
            if (delivery.RemovesMembers)
            {
                _sessions.TellAll(WatchOutdated.Instance);
            }
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

    // A session that went live while these were on their way was told a newer cursor of the user's own already.
    private void OnReceipts(ReceiptChanges receipts)
    {
        var read = _inbox?.Find(receipts.Channel)?.Read ?? 0;
        if (receipts.Changes.Any(IsOld))
        {
            receipts = new ReceiptChanges(receipts.Channel, receipts.Changes.RemoveAll(IsOld));
        }

        if (!receipts.Changes.IsEmpty)
        {
            _sessions.Announce(receipts);
        }

        bool IsOld(ReceiptChange change) => change.User == Id && change.Read != 0 && change.Read < read;
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
            if (membership.View is null)
            {
                Inbox.Leave(membership.Channel);
                _absences?.Forget(membership.Channel);
                _sessions.Announce(new ChannelDisappeared(membership.Channel));
                _sessions.TellAll(WatchOutdated.Instance);
            }
            else
            {
                Inbox.Join(membership.Channel, membership.ChangeId - 1);
                _sessions.Announce(new ChannelAppeared(membership.View));
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

    private void OnAttach(AttachSession attach)
    {
        EndSessions(session => session.Device == attach.Device, SessionReplaced.Instance);
        var session = new Session(Sender, attach.Device);
        _sessions.Add(session);
        Context.Watch(Sender);
        Context.SetReceiveTimeout(null);
        if (_state.IsNew)
        {
            session.GoLive();
            Absences?.End();
            return;
        }

        new StoredCursors(_services).LoadAsync(attach, Cursors.Moves.Unsaved(attach.Device), [.. _state.Channels]).PipeTo(
            Self,
            success: loaded => new SessionLoaded(session, loaded.Cursors, loaded.Heads),
            failure: cause => new SessionFailed(session, cause));
    }

    private void OnSessionLoaded(SessionLoaded loaded)
    {
        if (!_sessions.Contains(loaded.Session))
        {
            return;
        }

        foreach (var channel in Inbox.Discover(_state, loaded.Heads, _sessions.IsAnyLive))
        {
            Deliveries.ReadGap(channel);
        }

        foreach (var receipt in loaded.Cursors.Receipts)
        {
            Inbox.Find(receipt.Channel)?.Learn(receipt);
        }

        var catchUp = new CatchUp(_state, Inbox);
        if (catchUp.TellOfChannelsLeft(loaded.Session, loaded.Cursors) is { Count: > 0 } left)
        {
            // Once is enough. If this fails, it is told once more.
            _services.Cursors.ForgetAsync(loaded.Session.Device, left, CancellationToken.None)
                .ContinueWith(static write => write.Exception, TaskScheduler.Default);
        }

        Send(loaded.Session, catchUp.Begin(loaded.Session, loaded.Cursors, Cursors.Moves));
    }

    private void OnSessionSent(Session session)
    {
        if (!_sessions.Contains(session))
        {
            return;
        }

        if (new CatchUp(_state, Inbox).Continue(session) is { Count: > 0 } missed)
        {
            Send(session, missed);
        }
        else
        {
            Absences?.End();
        }
    }

    private void Send(Session session, IReadOnlyList<Stretch> missed) =>
        new SessionSync(Id, session.Connection, _services).SendAsync(missed)
            .PipeTo(Self, success: () => new SessionSent(session), failure: cause => new SessionFailed(session, cause));

    private void OnSessionFailed(SessionFailed failed)
    {
        Log.Warning("User {0}: device {1} could not be brought up to date: {2}", Id, failed.Session.Device, failed.Cause.Message);
        EndSessions(session => session == failed.Session, SessionUnavailable.Instance);
    }

    private void EndSessions(Predicate<Session> which, object farewell)
    {
        var ended = _sessions.Remove(which);
        foreach (var session in ended)
        {
            Context.Unwatch(session.Connection);
            session.Connection.Tell(farewell);
        }

        if (ended.Length > 0)
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

    private void OnFilterWatched(FilterWatched filter)
    {
        var asker = Sender;
        new WatchPermissions(Id, _services).FilterAsync(filter.Users, [.. _state.Channels]).PipeTo(
            Self,
            success: allowed => new WatchFiltered(asker, new WatchAllowed(filter.Request, allowed)),
            failure: _ => new WatchFiltered(asker, new WatchAllowed(filter.Request, default)));
    }

    private void OnWatchFiltered(WatchFiltered filtered)
    {
        filtered.Asker.Tell(filtered.Answer);
        if (filtered.Answer.Users.IsDefault)
        {
            Timers.StartSingleTimer(WatchOutdated.Instance, WatchOutdated.Instance, WatchAgainAfter);
        }
    }

    // ---- cursors

    private void OnRegisterDevice(DeviceId device) =>
        new StoredCursors(_services).RegisterAsync(device, [.. _state.Channels])
            .PipeTo(Sender, success: () => DeviceRegistered.Instance, failure: _ => SessionUnavailable.Instance);

    // ---- leaving memory

    private void PassivateWhenIdle()
    {
        if (_sessions.IsEmpty)
        {
            Context.SetReceiveTimeout(TimeSpan.FromSeconds(_services.Options.PassivateAfterSeconds));
        }
    }

    private void OnIdle()
    {
        if (_cursors is { Moves.HasUnsaved: true })
        {
            _cursors.SaveNow();
        }
        else
        {
            _isLeaving = true; // which can't be taken back
            Context.Parent.Tell(new Passivate(Passivated.Instance));
        }
    }
}
