using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Cluster;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;

namespace ChatAkka.Actors.Presence;

/// <summary>
/// Who is online: at this node, which it decides, and, in a cluster, at the others, which they tell. Connections tell it when a device comes
/// and goes, never of heartbeats: a connection that hears nothing for too long closes, and only then is there something to tell. It tells
/// watchers of changes, merged for a moment (but a log-out at once), has comings and goings written, and then tells the other nodes.
/// </summary>
public sealed class PresenceActor : UntypedActor, IWithTimers
{
    /// <summary>Where it is, below <c>/user</c>.</summary>
    internal const string Name = "presence";

    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private const int AliveEverySeconds = 5;

    // Long enough for their users to have been removed from what is shared.
    private static readonly TimeSpan RememberDeadNodes = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly IPresenceStore _store;
    private readonly long _timeoutMs;
    private readonly PresenceRecorder _recorder;
    private readonly Dictionary<UserId, UserPresence> _present = [];
    private readonly PriorityQueue<UserId, long> _timeouts = new();
    private Dictionary<UserId, UntoldChange> _changed = [];
    private readonly Watchers _watchers = new();
    private readonly SharedPresence? _shared;
    private int _seconds;

    /// <summary>For <see cref="Props"/>, which can call no other than a public one.</summary>
    public PresenceActor(TimeProvider time, IPresenceStore store, TimeSpan timeout, bool isShared)
    {
        (_time, _store, _timeoutMs) = (time, store, (long)timeout.TotalMilliseconds);
        _recorder = new PresenceRecorder(store, Self);
        _shared = isShared ? new SharedPresence(Context.System, Self) : null;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="timeout">How long after its last frame a device without a socket counts as there.</param>
    /// <param name="isShared">This node is one of a cluster.</param>
    public static Props Props(TimeProvider time, IPresenceStore store, TimeSpan timeout, bool isShared = false) =>
        Akka.Actor.Props.Create(() => new PresenceActor(time, store, timeout, isShared));

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, Second);
        _shared?.Start();
    }

    protected override void PostStop() => _shared?.Stop();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeviceConnected connected:
                Change(connected.User, presence => presence.Connected(connected.Device, Now));
                break;
            case DeviceDisconnected gone:
                Change(gone.User, presence => presence.Disconnected(gone.Device, gone.LastFrameAt));
                break;
            case DeviceLoggedOut gone:
                _shared?.TellOthers(Context, new DeviceGone(gone.User, gone.Device));
                LogOut(gone.User, gone.Device);
                break;
            case DeviceGone gone:
                LogOut(gone.User, gone.Device);
                break;
            case Akka.DistributedData.Changed changed:
                OnShared(_shared!.Take(changed, _watchers.WatchedIn));
                break;
            case GoneElsewhere gone:
                OnGoneElsewhere(gone);
                break;
            case ClusterEvent.IMemberEvent member:
                OnMember(member);
                break;
            case NodeForgotten forgotten:
                _shared!.Forget(forgotten.Node);
                break;
            case WatchPresence watch:
                OnWatch(watch);
                break;
            case FindSockets find:
                Sender.Tell(new SocketsFound(find.User, HasSocket(find.User)));
                break;
            case LastActivityLoaded loaded:
                Show(loaded);
                break;
            case Terminated gone:
                _watchers.Remove(gone.ActorRef);
                break;
            case ChangesDue:
                TellChanges();
                break;
            case PresenceSaved saved:
                _recorder.OnSaved(saved);
                _shared?.Tell(); // now: whoever hears that somebody went asks the store since when
                break;
            case RecordsTaken:
                RecordAll();
                break;
            case Tick:
                OnTick();
                break;
        }
    }

    private void Change(UserId user, Func<UserPresence, UserPresence> change)
    {
        var before = _present.GetValueOrDefault(user, UserPresence.Away);
        var after = change(before).At(Now, _timeoutMs);
        if (after == before)
        {
            return;
        }

        if (after.IsOnline)
        {
            _present[user] = after;
            if (after.NextTimeout(_timeoutMs) is { } timeout)
            {
                _timeouts.Enqueue(user, timeout);
            }
        }
        else
        {
            _present.Remove(user);
        }

        if (after.IsOnline != before.IsOnline)
        {
            _recorder.Add(new PresenceRecord(user, after.IsOnline, after.LastActiveAt));
            _shared?.Note(user, after.IsOnline);
            if (_shared?.IsOnline(user) != true)
            {
                NoteChange(before.IsOnline, new PresenceState(user, after.IsOnline, after.LastActiveAt));
            }
        }
    }

    private void LogOut(UserId user, DeviceId device)
    {
        Change(user, presence => presence.LoggedOut(device, Now));
        TellChanges();
    }

    // Of another node it isn't known whether it is a socket, or the time in which one may come back.
    private bool HasSocket(UserId user) =>
        (_present.TryGetValue(user, out var presence) && presence.HasSocket) || _shared?.IsOnline(user) == true;

    private void OnMember(ClusterEvent.IMemberEvent member)
    {
        _shared!.OnMember(member);
        if (member is ClusterEvent.MemberRemoved)
        {
            var name = PresenceBuckets.NameOf(member.Member.UniqueAddress);
            Timers.StartSingleTimer(name, new NodeForgotten(name), RememberDeadNodes);
        }
    }

    // Users whom somebody here watches came or went at other nodes.
    private void OnShared(IReadOnlyList<(UserId User, bool IsOnline)> changes)
    {
        List<UserId> gone = [];
        foreach (var (user, isOnline) in changes)
        {
            if (_present.ContainsKey(user))
            {
                continue; // and is here
            }

            if (isOnline)
            {
                NoteChange(false, new PresenceState(user, true, Now));
            }
            else
            {
                gone.Add(user);
            }
        }

        if (gone.Count > 0)
        {
            _store.LoadAsync(gone, CancellationToken.None).PipeTo(
                Self,
                success: lastActiveAt => new GoneElsewhere(gone, lastActiveAt),
                failure: _ => new GoneElsewhere(gone, ImmutableDictionary<UserId, long>.Empty));
        }
    }

    private void OnGoneElsewhere(GoneElsewhere gone)
    {
        foreach (var user in gone.Users)
        {
            var state = StateOf(user, gone.LastActiveAt);
            if (!state.IsOnline)
            {
                NoteChange(true, state);
            }
        }
    }

    // Who comes back before anybody was told that they went, hasn't gone.
    private void NoteChange(bool wasOnline, PresenceState now)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_changed, now.User, out var isKnown);
        change = isKnown ? change with { Now = now } : new UntoldChange(wasOnline, now);
        if (!Timers.IsTimerActive(ChangesDue.Instance))
        {
            Timers.StartSingleTimer(ChangesDue.Instance, ChangesDue.Instance, Batch);
        }
    }

    private void TellChanges()
    {
        Timers.Cancel(ChangesDue.Instance);
        _recorder.Save();
        if (_changed.Count == 0)
        {
            return;
        }

        Dictionary<IActorRef, ImmutableArray<PresenceState>.Builder> told = [];
        foreach (var change in _changed.Values.Where(change => change.IsNews))
        {
            var state = change.Now;
            foreach (var watcher in _watchers.Of(state.User))
            {
                if (!told.TryGetValue(watcher, out var states))
                {
                    told[watcher] = states = ImmutableArray.CreateBuilder<PresenceState>();
                }

                states.Add(state);
            }
        }

        _changed = []; // not emptied: a crowd would leave its room behind
        foreach (var (watcher, states) in told)
        {
            watcher.Tell(new PresenceChanges(states.ToImmutable()));
        }
    }

    private void OnWatch(WatchPresence watch)
    {
        var watcher = Sender;
        if (_watchers.Set(watcher, watch.Users))
        {
            Context.Watch(watcher);
        }
        else if (watch.Users.IsEmpty)
        {
            Context.Unwatch(watcher);
        }

        _store.LoadAsync(watch.Users, CancellationToken.None).PipeTo(
            Self,
            success: lastActiveAt => new LastActivityLoaded(watcher, watch, lastActiveAt),
            failure: _ => new LastActivityLoaded(watcher, watch, ImmutableDictionary<UserId, long>.Empty));
    }

    private void Show(LastActivityLoaded loaded)
    {
        var users = loaded.Watch.Users;
        loaded.Watcher.Tell(new PresenceWatched(loaded.Watch.Request, [.. users.Select(user => StateOf(user, loaded.LastActiveAt))]));
        foreach (var user in users)
        {
            ref var change = ref CollectionsMarshal.GetValueRefOrNullRef(_changed, user);
            if (!Unsafe.IsNullRef(ref change))
            {
                change = change with { WasShown = true };
            }
        }
    }

    private PresenceState StateOf(UserId user, IReadOnlyDictionary<UserId, long> stored)
    {
        var lastActiveAt = Math.Max(stored.GetValueOrDefault(user), _recorder.LastActiveAt(user));
        return _present.TryGetValue(user, out var presence)
            ? new PresenceState(user, true, Math.Max(lastActiveAt, presence.LastActiveAt))
            : new PresenceState(user, _shared?.IsOnline(user) == true, lastActiveAt);
    }

    private void OnTick()
    {
        var now = Now;
        while (_timeouts.TryPeek(out var user, out var at) && at <= now)
        {
            _timeouts.Dequeue();
            Change(user, static presence => presence);
        }

        _recorder.Save();
        if (_seconds++ % AliveEverySeconds == 0 && _present.Count > 0)
        {
            MarkAlive(now);
        }
    }

    // Failing is harmless: the mark is only a little older then.
    private void MarkAlive(long now) => _store.MarkAliveAsync(now, CancellationToken.None).PipeTo(
        Self, success: isKnown => isKnown ? Marked.Instance : RecordsTaken.Instance, failure: _ => Marked.Instance);

    // The store doesn't know of anybody here: nobody has marked this node alive before, or another one took it for dead.
    private void RecordAll()
    {
        foreach (var (user, presence) in _present)
        {
            _recorder.Add(new PresenceRecord(user, true, presence.LastActiveAt));
        }

        _recorder.Save();
    }

    /// <summary>A change that watchers aren't told of yet.</summary>
    /// <param name="WasOnline">What they believe.</param>
    /// <param name="WasShown">Somebody who began to watch meanwhile was shown how it was then, which may not be how it is.</param>
    private readonly record struct UntoldChange(bool WasOnline, PresenceState Now, bool WasShown = false)
    {
        public bool IsNews => WasShown || Now.IsOnline != WasOnline;
    }

    /// <summary>Users went who were online at other nodes; the store says since when.</summary>
    private sealed record GoneElsewhere(IReadOnlyList<UserId> Users, IReadOnlyDictionary<UserId, long> LastActiveAt);

    private sealed record LastActivityLoaded(IActorRef Watcher, WatchPresence Watch, IReadOnlyDictionary<UserId, long> LastActiveAt);

    private sealed class Marked
    {
        public static readonly object Instance = new Marked();
    }

    private sealed class RecordsTaken
    {
        public static readonly object Instance = new RecordsTaken();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class ChangesDue
    {
        public static readonly ChangesDue Instance = new();
    }
}
