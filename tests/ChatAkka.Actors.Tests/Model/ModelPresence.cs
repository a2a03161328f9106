using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>A socket as the presence hears of it.</summary>
internal sealed class ModelSocket(UserId user, DeviceId device, long openedAt)
{
    public UserId User => user;

    public DeviceId Device => device;

    public long OpenedAt { get; } = openedAt;

    /// <summary>When the last frame came, set by whoever lets it fall silent.</summary>
    public long LastFrameAt { get; set; } = openedAt;

    /// <summary>Null while it is open.</summary>
    public long? ClosedAt { get; set; }

    /// <summary>Its device was logged out: it doesn't count.</summary>
    public bool IsLoggedOut { get; set; }
}

/// <summary>
/// Who is online, worked out from all sockets there ever were, beside the actor that is told of them. What the actor tells is taken in by
/// an observer, who watches everybody.
/// </summary>
internal sealed class ModelPresence(TimeProvider time, IActorRef actor)
{
    public static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(30);

    // A tick of the actor, a moment in which changes are merged, and a little.
    private const long Lag = 1_300;
    private readonly List<ModelSocket> _sockets = [];
    private readonly Dictionary<UserId, long> _lastActiveAt = [];
    private readonly Dictionary<UserId, PresenceState> _told = [];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ModelSocket Connect(UserId user, DeviceId device)
    {
        var socket = new ModelSocket(user, device, Now);
        _sockets.Add(socket);
        Act(user, Now);
        actor.Tell(new DeviceConnected(user, device), ActorRefs.NoSender);
        return socket;
    }

    public void Disconnect(ModelSocket socket)
    {
        socket.ClosedAt = Now;
        if (!socket.IsLoggedOut)
        {
            Act(socket.User, socket.LastFrameAt);
        }

        actor.Tell(new DeviceDisconnected(socket.User, socket.Device, socket.LastFrameAt), ActorRefs.NoSender);
    }

    public void LogOut(UserId user, DeviceId device)
    {
        foreach (var socket in _sockets.Where(socket => socket.Device == device))
        {
            socket.IsLoggedOut = true;
        }

        Act(user, Now);
        actor.Tell(new DeviceLoggedOut(user, device), ActorRefs.NoSender);
    }

    public void Watch(IActorRef observer, IEnumerable<UserId> users) => actor.Tell(new WatchPresence(1, [.. users]), observer);

    /// <summary>What the observer is told.</summary>
    public void Take(IEnumerable<PresenceState> states)
    {
        foreach (var state in states)
        {
            var before = _told.GetValueOrDefault(state.User)?.LastActiveAt ?? 0;
            (state.LastActiveAt == 0 || state.LastActiveAt >= before)
                .ShouldBeTrue($"the last activity of {state.User} went back from {before} to {state}");
            _told[state.User] = state with { LastActiveAt = Math.Max(before, state.LastActiveAt) };
        }
    }

    public bool IsOnline(UserId user) => _sockets.Exists(socket => socket.User == user && Counts(socket));

    /// <summary>Whoever has been what they are for a while is shown as that.</summary>
    public void JudgeOnline(IEnumerable<UserId> users)
    {
        foreach (var user in users)
        {
            var sockets = _sockets.Where(socket => socket.User == user).ToList();
            if (!sockets.Any(ChangedLately))
            {
                (_told.GetValueOrDefault(user)?.IsOnline ?? false).ShouldBe(sockets.Any(Counts), $"{user} is online at {Now}");
            }
        }
    }

    /// <summary>Nothing is on its way any more, and the observer has asked again: all is as it should be, and stored.</summary>
    public void JudgeSettled(IEnumerable<UserId> users, FicklePresenceStore store)
    {
        JudgeOnline(users);
        foreach (var (user, lastActiveAt) in _lastActiveAt)
        {
            var isOnline = IsOnline(user);
            _told[user].LastActiveAt.ShouldBe(lastActiveAt, $"last activity of {user}");
            var stored = store.Find(user);
            stored.IsOnline.ShouldBe(isOnline, $"{user} is stored as online");
            (isOnline ? stored.LastActiveAt <= lastActiveAt : stored.LastActiveAt == lastActiveAt)
                .ShouldBeTrue($"{stored} is stored, the last activity was at {lastActiveAt}");
        }
    }

    private bool Counts(ModelSocket socket) => !socket.IsLoggedOut && (socket.ClosedAt is null || Now < EndsAt(socket));

    private bool ChangedLately(ModelSocket socket) =>
        Math.Max(socket.OpenedAt, socket.ClosedAt ?? 0) > Now - Lag || (EndsAt(socket) > Now - Lag && EndsAt(socket) <= Now);

    // A closing counts from the device's last frame over whatever socket.
    private static long EndsAt(ModelSocket socket) => socket.LastFrameAt + (long)OnlineFor.TotalMilliseconds;

    private void Act(UserId user, long at) => _lastActiveAt[user] = Math.Max(_lastActiveAt.GetValueOrDefault(user), at);
}

/// <summary>The presence store of a simulated node.</summary>
internal sealed class FicklePresenceStore(FickleStore store) : IPresenceStore
{
    private readonly Dictionary<UserId, PresenceRecord> _records = [];
    private bool _isMarked;

    public PresenceRecord Find(UserId user) => _records[user];

    public Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel)
    {
        var saved = records.ToArray();
        return store.WriteAsync(() =>
        {
            foreach (var record in saved)
            {
                var before = _records.GetValueOrDefault(record.User).LastActiveAt;
                _records[record.User] = record with { LastActiveAt = Math.Max(before, record.LastActiveAt) };
            }

            return Task.CompletedTask;
        });
    }

    public async Task<bool> MarkAliveAsync(long now, CancellationToken cancel)
    {
        var isKnown = _isMarked;
        await store.WriteAsync(() =>
        {
            _isMarked = true;
            return Task.CompletedTask;
        });
        return isKnown;
    }

    public Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        store.AnswerAsync(() => Task.FromResult<IReadOnlyDictionary<UserId, long>>(
            users.Where(_records.ContainsKey).ToDictionary(user => user, user => _records[user].LastActiveAt)));
}

/// <summary>Watches everybody, allowed or not.</summary>
internal sealed class PresenceObserver(ModelPresence model, Verdicts verdicts) : UntypedActor
{
    protected override void OnReceive(object message) =>
        verdicts.Check(() => model.Take(message switch
        {
            PresenceWatched watched => watched.States,
            PresenceChanges changes => changes.States,
            _ => [],
        }));
}
