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
/// passed on as it came; one that leaves a gap makes the actor read the gap from the journal first. A session that attaches is brought up to
/// the heads beside all that (<see cref="SessionSync"/>) and goes live when nothing happened since.
/// </para>
/// </summary>
public sealed class UserActor : UntypedPersistentActor, IWithTimers
{
    private const int SnapshotEvery = 100;
    private const int MaxEventsPerRepair = 500;
    private const int MaxAhead = 256; // as many events as a channel holds back at most
    private static readonly TimeSpan CursorsAreSavedAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepairAgainAfter = TimeSpan.FromSeconds(1);

    private readonly UserServices _services;
    private readonly SyncQueue _queue;
    private readonly DeviceCursors _cursors = new();
    private readonly Dictionary<(DeviceId Device, ChannelId Channel), long> _early = [];
    private readonly List<Session> _sessions = [];
    private readonly Dictionary<ChannelId, ChannelPosition> _positions = [];
    private UserState _state;

    public UserActor(UserId id, UserServices services)
    {
        _services = services;
        _state = UserState.Empty(id);
        _queue = new SyncQueue(services.Options.SyncQueueLength);
        PersistenceId = "user-" + id.Value;
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private UserId Id => _state.Id;

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
            case MoveCursor move:
                OnMoveCursor(move);
                break;
            case ProbeDelivery probe:
                OnProbe(probe);
                break;
            case RecordMembership membership:
                OnMembership(membership);
                break;
            case AttachSession attach:
                OnAttach(attach);
                break;
            case SessionLoaded loaded:
                OnSessionLoaded(loaded);
                break;
            case SessionSent sent:
                CatchUp(sent.Session);
                break;
            case SessionFailed failed:
                OnSessionFailed(failed);
                break;
            case RepairRead repair:
                OnRepairRead(repair);
                break;
            case RepairDue due:
                Repair(due.Channel);
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
                Sender.Tell(new UserChannels([.. _state.Channels]));
                break;
            case SaveCursors:
                SaveCursorsNow();
                break;
            case CursorsSaved saved:
                OnCursorsSaved(saved);
                break;
            case ReceiveTimeout when _sessions.Count == 0:
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

    /// <summary>Called before the runtime stops this actor. Its sessions learn of it by watching it; the channel asks again by itself.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Warning("User {0} could not store event {1} and restarts: {2}", Id, sequenceNr, cause.Message);

    protected override void PostStop() => _sessions.ForEach(session => session.Connection.Tell(SessionUnavailable.Instance));

    // ---- events of channels

    private void OnDelivery(Delivery delivery)
    {
        if (_state.MemberSince(delivery.Channel) is null)
        {
            OnStrangeChannel(delivery.Channel, delivery.Events[0].Id);
            return;
        }

        var position = Position(delivery.Channel);
        var (first, last) = (delivery.Events[0].Id, delivery.Events[^1].Id);
        if (!position.IsKnown)
        {
            Forward(position, delivery); // no session is live yet, or this position would be known
        }
        else if (last > position.Head && (first > position.Head + 1 || position.HasGap))
        {
            var isRepairing = position.HasGap;
            position.HearOf(last);
            if (!isRepairing)
            {
                Repair(delivery.Channel);
            }
        }
        else if (last > position.Head)
        {
            Forward(position, first == position.Head + 1 ? delivery : delivery.After(position.Head));
        }
    }

    private void Forward(ChannelPosition position, Delivery delivery)
    {
        position.AdvanceTo(delivery.Events[^1]);
        if (_early.Count > 0)
        {
            SettleEarly(delivery.Channel, position);
        }

        foreach (var e in delivery.Events)
        {
            _queue.Append(delivery.Channel, e);
        }

        foreach (var session in _sessions)
        {
            if (session.IsLive)
            {
                session.Deliver(delivery);
            }
        }
    }

    private void OnProbe(ProbeDelivery probe)
    {
        if (_state.MemberSince(probe.Channel) is null)
        {
            OnStrangeChannel(probe.Channel, probe.Head);
            return;
        }

        var position = Position(probe.Channel);
        if (position.IsKnown && probe.Head > position.Target)
        {
            var isRepairing = position.HasGap;
            position.HearOf(probe.Head);
            if (!isRepairing)
            {
                Repair(probe.Channel);
            }
        }

        Sender.Tell(new DeliveryAcknowledged(probe.Channel, Id, probe.Head));
    }

    private void OnStrangeChannel(ChannelId channel, long id)
    {
        if (!(_state.LeftSince(channel) >= id))
        {
            _services.Channels.Tell(new MembershipUnknown(channel, Id));
        }
    }

    private void Repair(ChannelId channel)
    {
        if (!_positions.TryGetValue(channel, out var position) || !position.HasGap)
        {
            return;
        }

        _services.Timelines.ReadAsync(channel, position.Head + 1, position.Target, MaxEventsPerRepair, backward: false, CancellationToken.None)
            .PipeTo(Self, success: events => new RepairRead(channel, events), failure: _ => new RepairRead(channel, []));
    }

    private void OnRepairRead(RepairRead repair)
    {
        if (!_positions.TryGetValue(repair.Channel, out var position) || !position.HasGap)
        {
            return; // left the channel meanwhile
        }

        if (repair.Events.Count == 0 || repair.Events[0].Id != position.Head + 1)
        {
            Timers.StartSingleTimer(repair.Channel, new RepairDue(repair.Channel), RepairAgainAfter);
            return;
        }

        Forward(position, new Delivery(repair.Channel, [.. repair.Events]));
        Repair(repair.Channel);
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
            _positions.Remove(membership.Channel);
            _queue.Drop(membership.Channel);
            if (membership.View is null)
            {
                Announce(new ChannelDisappeared(membership.Channel));
            }
            else
            {
                _positions[membership.Channel] = ChannelPosition.At(membership.ChangeId - 1);
                Announce(new ChannelAppeared(membership.View));
            }

            sender.Tell(recorded);
            if (LastSequenceNr % SnapshotEvery == 0)
            {
                SaveSnapshot(_state);
            }
        });
    }

    private void Announce(object message)
    {
        foreach (var session in _sessions.Where(session => session.IsLive))
        {
            session.Connection.Tell(message);
        }
    }

    // ---- sessions

    private void OnAttach(AttachSession attach)
    {
        EndSessions(session => session.Device == attach.Device, SessionReplaced.Instance);
        var session = new Session(Sender, attach.Device);
        _sessions.Add(session);
        Context.Watch(Sender);
        Context.SetReceiveTimeout(null);
        if (!_state.HasChannels)
        {
            GoLive(session);
            return;
        }

        var moved = _cursors.Of(attach.Device);
        LoadAsync(attach, [.. _state.Channels]).PipeTo(
            Self,
            success: loaded => new SessionLoaded(session, attach.Cursors, loaded.Cursors, moved, loaded.Heads),
            failure: cause => new SessionFailed(session, cause));
    }

    private async Task<(IReadOnlyDictionary<ChannelId, long> Cursors, IReadOnlyDictionary<ChannelId, ChannelEvent> Heads)> LoadAsync(
        AttachSession attach, IReadOnlyCollection<ChannelId> channels)
    {
        var services = _services;
        var heads = await services.Timelines.HeadsAsync(channels, CancellationToken.None);
        if (attach.Cursors is { Count: > 0 } own)
        {
            // Only of the user's channels, and none beyond the head: it would make the device miss what comes.
            var cursors = own.Where(c => heads.ContainsKey(c.Key)).Select(c => new DeviceCursor(attach.Device, c.Key, Math.Clamp(c.Value, 0, heads[c.Key].Id)));
            await services.Cursors.SaveAsync([.. cursors], overwrite: true, CancellationToken.None);
        }

        return (await services.Cursors.LoadAsync(attach.Device, CancellationToken.None), heads);
    }

    private void OnSessionLoaded(SessionLoaded loaded)
    {
        var session = loaded.Session;
        if (!_sessions.Contains(session))
        {
            return;
        }

        var stretches = new List<(long At, Stretch Stretch)>();
        foreach (var channel in _state.Channels)
        {
            var position = Position(channel);
            if (loaded.Heads.TryGetValue(channel, out var head))
            {
                if (head.Id > position.Head)
                {
                    Discover(channel, position, head);
                }
            }
            else if (!position.IsKnown)
            {
                _positions[channel] = position = ChannelPosition.At(JoinedAfter(channel)); // joined while the heads were read
            }

            var cursor = Plausible(Cursor(loaded, channel), position);
            session.SentTo![channel] = Math.Max(cursor, position.Head);
            if (cursor < position.Head)
            {
                stretches.Add((position.LastAt, NewStretch(channel, cursor + 1, position, isFirst: true)));
            }
        }

        Send(session, stretches.OrderBy(s => s.At).Select(s => s.Stretch));
    }

    /// <summary>
    /// The store is ahead of what was delivered. With no live session that is simply where the user stands now; a live one has to be
    /// sent what lies between, and the new session stands where the live ones do.
    /// </summary>
    private void Discover(ChannelId channel, ChannelPosition position, ChannelEvent head)
    {
        if (!position.IsKnown || !_sessions.Exists(session => session.IsLive))
        {
            position.AdvanceTo(head);
            return;
        }

        var isRepairing = position.HasGap;
        position.HearOf(head.Id);
        if (!isRepairing)
        {
            Repair(channel);
        }
    }

    private long Cursor(SessionLoaded loaded, ChannelId channel)
    {
        if (loaded.Overrides is { } overrides && overrides.TryGetValue(channel, out var own))
        {
            _cursors.Forget(loaded.Session.Device, channel);
            return Math.Max(0, own);
        }

        var stored = _cursors.Latest(
            loaded.Session.Device, channel, Math.Max(loaded.Cursors.GetValueOrDefault(channel), loaded.Moved.GetValueOrDefault(channel)));
        return Math.Max(Math.Max(stored, _early.GetValueOrDefault((loaded.Session.Device, channel))), JoinedAfter(channel));
    }

    /// <summary>Called when a session was sent all that it lacked at one moment: sends what came since, or lets it go live.</summary>
    private void CatchUp(Session session)
    {
        if (!_sessions.Contains(session))
        {
            return;
        }

        var stretches = new List<Stretch>();
        foreach (var left in session.SentTo!.Keys.Where(channel => _state.MemberSince(channel) is null).ToArray())
        {
            session.SentTo.Remove(left);
            session.Connection.Tell(new ChannelDisappeared(left));
        }

        foreach (var channel in _state.Channels)
        {
            var position = Position(channel);
            var isFirst = !session.SentTo.TryGetValue(channel, out var sentTo);
            sentTo = isFirst ? JoinedAfter(channel) : sentTo;
            if (position.Head > sentTo)
            {
                session.SentTo[channel] = position.Head;
                stretches.Add(NewStretch(channel, sentTo + 1, position, isFirst));
            }
        }

        if (stretches.Count == 0)
        {
            foreach (var (channel, sentTo) in session.SentTo.Where(sent => sent.Value > Position(sent.Key).Head))
            {
                session.Skip(channel, sentTo);
            }

            GoLive(session);
        }
        else
        {
            Send(session, stretches);
        }
    }

    private Stretch NewStretch(ChannelId channel, long from, ChannelPosition position, bool isFirst) =>
        new(channel, from, position.Head, position.N, isFirst, _queue.TryRange(channel, from, position.Head, out var held) ? held : default);

    private void Send(Session session, IEnumerable<Stretch> stretches) =>
        new SessionSync(Id, session.Connection, _services).SendAsync([.. stretches])
            .PipeTo(Self, success: () => new SessionSent(session), failure: cause => new SessionFailed(session, cause));

    private static void GoLive(Session session)
    {
        session.GoLive();
        session.Connection.Tell(SyncCompleted.Instance);
    }

    private void OnSessionFailed(SessionFailed failed)
    {
        Log.Warning("User {0}: device {1} could not be brought up to date: {2}", Id, failed.Session.Device, failed.Cause.Message);
        EndSessions(session => session == failed.Session, SessionUnavailable.Instance);
    }

    private void EndSessions(Predicate<Session> which, object farewell)
    {
        foreach (var session in _sessions.FindAll(which))
        {
            _sessions.Remove(session);
            Context.Unwatch(session.Connection);
            session.Connection.Tell(farewell);
        }

        AfterSessionsEnded();
    }

    private void OnConnectionGone(IActorRef connection)
    {
        _sessions.RemoveAll(session => session.Connection.Equals(connection));
        SaveCursorsNow();
        AfterSessionsEnded();
    }

    private void AfterSessionsEnded()
    {
        if (_sessions.Count == 0)
        {
            PassivateWhenIdle();
        }
    }

    // ---- cursors

    private void OnMoveCursor(MoveCursor move)
    {
        if (!_positions.TryGetValue(move.Channel, out var position))
        {
            return;
        }

        if (move.Id <= position.Head)
        {
            _cursors.Move(move.Device, move.Channel, move.Id);
            SaveCursorsSoon();
        }
        else if (move.Id == Plausible(move.Id, position))
        {
            _early[(move.Device, move.Channel)] = Math.Max(move.Id, _early.GetValueOrDefault((move.Device, move.Channel)));
        }
    }

    /// <summary>
    /// A device may be ahead of its user: the channel's <c>ok</c> for its own message can overtake the event. It may not be far ahead: who
    /// claims to have what there isn't would miss what comes.
    /// </summary>
    private static long Plausible(long id, ChannelPosition position) => id <= position.Target + MaxAhead ? id : Math.Min(id, position.Target);

    /// <summary>Moves the cursors that were ahead of <paramref name="position"/> and aren't any more.</summary>
    private void SettleEarly(ChannelId channel, ChannelPosition position)
    {
        foreach (var ((device, _), id) in _early.Where(early => early.Key.Channel == channel && early.Value <= position.Head).ToArray())
        {
            _early.Remove((device, channel));
            _cursors.Move(device, channel, id);
            SaveCursorsSoon();
        }
    }

    private void OnRegisterDevice(DeviceId device)
    {
        var (sender, services, channels) = (Sender, _services, _state.Channels.ToArray());
        Register().PipeTo(sender, success: () => DeviceRegistered.Instance, failure: _ => SessionUnavailable.Instance);

        async Task Register()
        {
            if (channels.Length > 0)
            {
                var heads = await services.Timelines.HeadsAsync(channels, CancellationToken.None);
                await services.Cursors.SaveAsync(
                    [.. heads.Select(head => new DeviceCursor(device, head.Key, head.Value.Id))], overwrite: false, CancellationToken.None);
            }
        }
    }

    private void SaveCursorsSoon()
    {
        if (!_cursors.IsSaving && !Timers.IsTimerActive(SaveCursors.Instance))
        {
            Timers.StartSingleTimer(SaveCursors.Instance, SaveCursors.Instance, CursorsAreSavedAfter);
        }
    }

    private void SaveCursorsNow()
    {
        if (!_cursors.IsSaving && !_cursors.IsEmpty)
        {
            _services.Cursors.SaveAsync(_cursors.TakeForSaving(), overwrite: false, CancellationToken.None)
                .PipeTo(Self, success: () => CursorsSaved.Yes, failure: _ => CursorsSaved.No);
        }
    }

    private void OnCursorsSaved(CursorsSaved saved)
    {
        if (saved.Succeeded)
        {
            _cursors.Saved();
        }
        else
        {
            _cursors.NotSaved();
        }

        if (!_cursors.IsEmpty)
        {
            SaveCursorsSoon();
        }
    }

    // ---- leaving memory

    private void PassivateWhenIdle() => Context.SetReceiveTimeout(TimeSpan.FromSeconds(_services.Options.PassivateAfterSeconds));

    private void OnIdle()
    {
        if (_cursors.IsEmpty)
        {
            Context.Parent.Tell(new Passivate(Passivated.Instance));
        }
        else
        {
            SaveCursorsNow();
        }
    }

    /// <summary>The last id before the event that made the user a member: where a device stands that never moved its cursor.</summary>
    private long JoinedAfter(ChannelId channel) => _state.MemberSince(channel)!.Value - 1;

    private ChannelPosition Position(ChannelId channel)
    {
        if (!_positions.TryGetValue(channel, out var position))
        {
            _positions[channel] = position = new ChannelPosition();
        }

        return position;
    }

    private sealed record SessionLoaded(
        Session Session,
        IReadOnlyDictionary<ChannelId, long>? Overrides,
        IReadOnlyDictionary<ChannelId, long> Cursors,
        Dictionary<ChannelId, long> Moved,
        IReadOnlyDictionary<ChannelId, ChannelEvent> Heads);

    private sealed record SessionSent(Session Session);

    private sealed record SessionFailed(Session Session, Exception Cause);

    private sealed record RepairRead(ChannelId Channel, IReadOnlyList<ChannelEvent> Events);

    private sealed record RepairDue(ChannelId Channel);

    private sealed record CursorsSaved(bool Succeeded)
    {
        public static readonly CursorsSaved Yes = new(true);
        public static readonly CursorsSaved No = new(false);
    }

    private sealed class SaveCursors : INotInfluenceReceiveTimeout
    {
        public static readonly SaveCursors Instance = new();
    }

    private sealed class Passivated
    {
        public static readonly Passivated Instance = new();
    }
}
