using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// A cell's children by name. Created with the first child. It is its own lock: children are looked up, and by sharding
/// and <c>ActorSystem.ActorOf</c> also created, from other threads than the cell's.
/// </summary>
internal sealed class Children(ActorCell? owner)
{
    /// <summary>Stands for the children of a stopped cell: there are none and there will be none.</summary>
    public static readonly Children Closed = new(null) { _closed = true };

    private readonly Dictionary<string, ActorCell> _byName = [];
    private Dictionary<ActorCell, RestartStatistics>? _restarts;
    private ActorPath? _ownerPath;
    private long _nextName;
    private int _stopping;
    private WaitingFor _waiting;
    private bool _closed;

    /// <summary>The failure that the cell restarts from when its children have stopped.</summary>
    public Exception? RecreationCause { get; private set; }

    /// <summary>The owner's path, kept because every child's path is built on it.</summary>
    public ActorPath OwnerPath => _ownerPath ??= owner!.BuildPath();

    public int Count
    {
        get
        {
            lock (_byName)
                return _byName.Count;
        }
    }

    /// <summary>Makes a child and registers it; the caller starts it.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The owner is stopping.</exception>
    public ActorCell Add(Props props, string? name)
    {
        lock (_byName)
        {
            if (_closed || owner is null)
                throw new InvalidOperationException("An actor that is stopping, or has stopped, can't have another child");
            var child = new ActorCell(owner.SystemImpl, owner, props, name ?? GenerateName());
            if (!_byName.TryAdd(child.Name, child))
                throw new InvalidActorNameException($"There is a child named \"{name}\" already");
            return child;
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out ActorCell? child)
    {
        lock (_byName)
            return _byName.TryGetValue(name, out child);
    }

    public ActorCell[] Snapshot()
    {
        lock (_byName)
            return [.. _byName.Values];
    }

    public bool Contains(ActorCell child) => TryGet(child.Name, out var known) && ReferenceEquals(known, child);

    public void Close()
    {
        lock (_byName)
            _closed = true;
    }

    /// <summary>Notes that the owner has asked the child to stop: from now on it is one that the owner may wait for.</summary>
    public void MarkStopping(ActorCell child)
    {
        lock (_byName)
        {
            if (child.IsStopping || !_byName.TryGetValue(child.Name, out var known) || !ReferenceEquals(known, child))
                return;
            child.IsStopping = true;
            _stopping++;
        }
    }

    /// <summary>Removes a child that has stopped; tells what the owner does if it waited for this one last.</summary>
    public WaitingFor Remove(ActorCell child)
    {
        lock (_byName)
        {
            _restarts?.Remove(child);
            if (!_byName.TryGetValue(child.Name, out var known) || !ReferenceEquals(known, child))
                return WaitingFor.Nothing;
            _byName.Remove(child.Name);
            if (child.IsStopping)
                _stopping--;
            if (_stopping > 0)
                return WaitingFor.Nothing;
            var waited = _waiting;
            _waiting = WaitingFor.Nothing;
            return waited;
        }
    }

    /// <summary>Notes what follows when the stopping children have stopped; false when there are none.</summary>
    public bool WaitFor(WaitingFor reason, Exception? recreationCause = null)
    {
        lock (_byName)
        {
            RecreationCause = recreationCause;
            if (_stopping == 0)
                return false;
            _waiting = reason;
            return true;
        }
    }

    /// <summary>Only children that have failed have statistics.</summary>
    public RestartStatistics StatisticsOf(ActorCell child)
    {
        _restarts ??= [];
        if (!_restarts.TryGetValue(child, out var statistics))
            _restarts.Add(child, statistics = new RestartStatistics());
        return statistics;
    }

    private string GenerateName() => ActorNames.Generate(_nextName++);
}

/// <summary>What a cell does when its last child has stopped.</summary>
internal enum WaitingFor : byte
{
    Nothing,
    Recreation,
    Creation,
    Termination,
}
