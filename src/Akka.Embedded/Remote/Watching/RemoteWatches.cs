using Akka.Actor;

namespace Akka.Remote.Watching;

/// <summary>
/// Who watches whom between this node and another one, both ways: when the other node dies there is nobody who would say so of its actors
/// one by one. Thread-safe.
/// </summary>
internal sealed class RemoteWatches
{
    private readonly Lock _gate = new();

    // Of this node's actors, whom they watch there, and the incarnation that was there then: 0 if it wasn't known.
    private readonly Dictionary<(IInternalActorRef Watcher, IActorRef Watchee), int> _toThere = [];

    // Of actors there, whom they watch here.
    private readonly HashSet<(IInternalActorRef Watcher, IInternalActorRef Watchee)> _fromThere = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _toThere.Count + _fromThere.Count;
        }
    }

    /// <summary>A message to an actor there, before it is sent.</summary>
    public void Sent(SystemMessage message, RemoteActorRef recipient, int uid)
    {
        lock (_gate)
        {
            switch (message)
            {
                case Watch watch:
                    _toThere[(watch.Watcher, recipient)] = uid;
                    break;
                case Unwatch unwatch:
                    _toThere.Remove((unwatch.Watcher, recipient));
                    break;
                case DeathWatchNotification { Actor: IInternalActorRef dead }:
                    _fromThere.Remove((recipient, dead));
                    break;
            }
        }
    }

    public void WatchedFromThere(IInternalActorRef watcher, IInternalActorRef watchee)
    {
        lock (_gate)
            _fromThere.Add((watcher, watchee));
    }

    public void UnwatchedFromThere(IInternalActorRef watcher, IInternalActorRef watchee)
    {
        lock (_gate)
            _fromThere.Remove((watcher, watchee));
    }

    /// <summary>An actor there has died, and its watcher here is being told.</summary>
    public void Died(IInternalActorRef watcher, IActorRef watchee)
    {
        lock (_gate)
            _toThere.Remove((watcher, watchee));
    }

    /// <summary>An incarnation of the other node is dead, and everything there with it.</summary>
    public void Terminated(int uid)
    {
        KeyValuePair<(IInternalActorRef Watcher, IActorRef Watchee), int>[] lost;
        (IInternalActorRef Watcher, IInternalActorRef Watchee)[] gone;
        lock (_gate)
        {
            lost = [.. _toThere.Where(watch => watch.Value == 0 || watch.Value == uid)];
            foreach (var (watch, _) in lost)
                _toThere.Remove(watch);
            gone = [.. _fromThere];
            _fromThere.Clear();
        }

        foreach (var ((watcher, watchee), _) in lost)
            watcher.SendSystemMessage(new DeathWatchNotification(watchee, existenceConfirmed: false, addressTerminated: true));
        foreach (var (watcher, watchee) in gone)
            watchee.SendSystemMessage(new Unwatch(watcher));
    }
}
