using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;

namespace ChatAkka.Actors.Presence;

/// <summary>
/// Who is online at this node. Connections tell it when a device comes and goes, never of heartbeats: a connection that hears nothing for
/// too long closes, and only then is there something to tell. It tells watchers of changes, merged for a moment (but a log-out at once), and has comings and
/// goings written.
/// </summary>
public sealed class PresenceActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private const int AliveEverySeconds = 5;

    private readonly TimeProvider _time;
    private readonly IPresenceStore _store;
    private readonly long _timeoutMs;
    private readonly PresenceRecorder _recorder;
    private readonly Dictionary<UserId, UserPresence> _present = [];
    private readonly PriorityQueue<UserId, long> _timeouts = new();
    private readonly Dictionary<UserId, (bool WasOnline, PresenceState Now)> _changed = [];
    private readonly Watchers _watchers = new();
    private int _seconds;

    private PresenceActor(TimeProvider time, IPresenceStore store, TimeSpan timeout)
    {
        (_time, _store, _timeoutMs) = (time, store, (long)timeout.TotalMilliseconds);
        _recorder = new PresenceRecorder(store, Self);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="timeout">How long after its last frame a device without a socket counts as there.</param>
    public static Props Props(TimeProvider time, IPresenceStore store, TimeSpan timeout) =>
        Akka.Actor.Props.Create(() => new PresenceActor(time, store, timeout));

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, Second);

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
                Change(gone.User, presence => presence.LoggedOut(gone.Device, Now));
                TellChanges();
                break;
            case WatchPresence watch:
                OnWatch(watch);
                break;
            case LastActivityLoaded loaded:
                loaded.Watcher.Tell(new PresenceWatched(loaded.Watch.Request, [.. loaded.Watch.Users.Select(user => StateOf(user, loaded.LastActiveAt))]));
                break;
            case Terminated gone:
                _watchers.Remove(gone.ActorRef);
                break;
            case ChangesDue:
                TellChanges();
                break;
            case PresenceSaved saved:
                _recorder.OnSaved(saved);
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
            NoteChange(before.IsOnline, new PresenceState(user, after.IsOnline, after.LastActiveAt));
        }
    }

    // Who comes back before anybody was told that they went, hasn't gone.
    private void NoteChange(bool wasOnline, PresenceState now)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_changed, now.User, out var isKnown);
        change = (isKnown ? change.WasOnline : wasOnline, now);
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
        foreach (var (wasOnline, state) in _changed.Values)
        {
            foreach (var watcher in state.IsOnline == wasOnline ? [] : _watchers.Of(state.User))
            {
                if (!told.TryGetValue(watcher, out var states))
                {
                    told[watcher] = states = ImmutableArray.CreateBuilder<PresenceState>();
                }

                states.Add(state);
            }
        }

        _changed.Clear();
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

    private PresenceState StateOf(UserId user, IReadOnlyDictionary<UserId, long> stored)
    {
        var lastActiveAt = Math.Max(stored.GetValueOrDefault(user), _recorder.LastActiveAt(user));
        return _present.TryGetValue(user, out var presence)
            ? new PresenceState(user, true, Math.Max(lastActiveAt, presence.LastActiveAt))
            : new PresenceState(user, false, lastActiveAt);
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
            // Failing is harmless: the mark is only a little older then.
            _store.MarkAliveAsync(now, CancellationToken.None).ContinueWith(static mark => mark.Exception, TaskScheduler.Default);
        }
    }

    private sealed record LastActivityLoaded(IActorRef Watcher, WatchPresence Watch, IReadOnlyDictionary<UserId, long> LastActiveAt);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class ChangesDue
    {
        public static readonly ChangesDue Instance = new();
    }
}
