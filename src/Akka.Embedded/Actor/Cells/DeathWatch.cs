namespace Akka.Actor;

/// <summary>
/// Whom a cell watches and who watches it. Most actors have none or one of each, which is held directly; only the second
/// needs a collection. Touched by its cell only.
/// </summary>
internal struct DeathWatch
{
    // null, an IActorRef, or a Dictionary<IActorRef, object?> of the messages of WatchWith.
    private object? _watching;

    // null, an IInternalActorRef, or a List<IInternalActorRef>.
    private object? _watchers;

    public readonly bool IsWatching(IActorRef subject) => _watching switch
    {
        null => false,
        Dictionary<IActorRef, object?> several => several.ContainsKey(subject),
        _ => _watching.Equals(subject),
    };

    /// <summary>False when the subject is watched already, with the same message.</summary>
    /// <exception cref="InvalidOperationException">It is watched with another message.</exception>
    public bool Watch(IActorRef subject, object? message)
    {
        switch (_watching)
        {
            case null when message is null:
                _watching = subject;
                return true;
            case null:
                _watching = new Dictionary<IActorRef, object?> { [subject] = message };
                return true;
            case Dictionary<IActorRef, object?> several:
                if (several.TryAdd(subject, message))
                    return true;
                EnsureSame(subject, several[subject], message);
                return false;
            case var one when one.Equals(subject):
                EnsureSame(subject, null, message);
                return false;
            default:
                _watching = new Dictionary<IActorRef, object?> { [(IActorRef)_watching] = null, [subject] = message };
                return true;
        }
    }

    /// <summary>False when the subject was not watched.</summary>
    public bool Unwatch(IActorRef subject, out object? message)
    {
        message = null;
        switch (_watching)
        {
            case null:
                return false;
            case Dictionary<IActorRef, object?> several:
                if (!several.Remove(subject, out message))
                    return false;
                if (several.Count == 0)
                    _watching = null;
                return true;
            case var one when one.Equals(subject):
                _watching = null;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Forgets all that is watched and returns it.</summary>
    public IReadOnlyCollection<IActorRef> UnwatchAll()
    {
        var watching = _watching;
        _watching = null;
        return watching switch
        {
            null => [],
            Dictionary<IActorRef, object?> several => several.Keys,
            _ => [(IActorRef)watching],
        };
    }

    public void AddWatcher(IInternalActorRef watcher)
    {
        switch (_watchers)
        {
            case null:
                _watchers = watcher;
                break;
            case List<IInternalActorRef> several:
                if (!several.Contains(watcher))
                    several.Add(watcher);
                break;
            case var one when !one.Equals(watcher):
                _watchers = new List<IInternalActorRef> { (IInternalActorRef)one, watcher };
                break;
        }
    }

    public void RemoveWatcher(IInternalActorRef watcher)
    {
        if (_watchers is List<IInternalActorRef> several)
            several.Remove(watcher);
        else if (_watchers is not null && _watchers.Equals(watcher))
            _watchers = null;
    }

    /// <summary>Forgets all watchers and returns them.</summary>
    public IReadOnlyCollection<IInternalActorRef> TakeWatchers()
    {
        var watchers = _watchers;
        _watchers = null;
        return watchers switch
        {
            null => [],
            List<IInternalActorRef> several => several,
            _ => [(IInternalActorRef)watchers],
        };
    }

    private static void EnsureSame(IActorRef subject, object? before, object? now)
    {
        if (!Equals(before, now))
        {
            throw new InvalidOperationException(
                $"{subject} is watched already, with the message [{before ?? "Terminated"}]: unwatch it before it is watched with "
                + $"[{now ?? "Terminated"}]");
        }
    }
}
