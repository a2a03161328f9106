using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// A cell's children by name: a hash table whose nodes are the children themselves, since there may be a million of them. Created with
/// the first child. It is its own lock: children are looked up, and by sharding and <c>ActorSystem.ActorOf</c> also created, from other
/// threads than the cell's.
/// </summary>
internal sealed class Children(ActorCell? owner)
{
    /// <summary>Stands for the children of a stopped cell: there are none and there will be none.</summary>
    public static readonly Children Closed = new(null) { _closed = true };

    private ActorCell?[] _buckets = new ActorCell?[4];
    private int _count;
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
            lock (this)
                return _count;
        }
    }

    /// <summary>Makes a child and registers it; the caller starts it.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The owner is stopping.</exception>
    public ActorCell Add(Props props, string? name)
    {
        lock (this)
        {
            if (_closed || owner is null)
                throw new InvalidOperationException("An actor that is stopping, or has stopped, can't have another child");
            name ??= GenerateName();
            if (LinkTo(name) is not null)
                throw new InvalidActorNameException($"There is a child named \"{name}\" already");
            if (_count == _buckets.Length)
                Grow();
            var child = new ActorCell(owner.SystemImpl, owner, props, name);
            Link(child);
            _count++;
            return child;
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out ActorCell? child)
    {
        lock (this)
            child = LinkTo(name);
        return child is not null;
    }

    /// <summary>All children in the order of their creation, so that what is done to all is done in the same order in every run.</summary>
    public ActorCell[] Snapshot()
    {
        ActorCell[] children;
        lock (this)
            children = Unordered();
        Array.Sort(Array.ConvertAll(children, static child => child.Uid), children);
        return children;
    }

    public bool Contains(ActorCell child) => TryGet(child.Name, out var known) && ReferenceEquals(known, child);

    public void Close()
    {
        lock (this)
            _closed = true;
    }

    /// <summary>Notes that the owner has asked the child to stop: from now on it is one that the owner may wait for.</summary>
    public void MarkStopping(ActorCell child)
    {
        lock (this)
        {
            if (child.IsStopping || !ReferenceEquals(LinkTo(child.Name), child))
                return;
            child.IsStopping = true;
            _stopping++;
        }
    }

    /// <summary>Removes a child that has stopped; tells what the owner does if it waited for this one last.</summary>
    public WaitingFor Remove(ActorCell child)
    {
        lock (this)
        {
            _restarts?.Remove(child);
            ref var link = ref LinkTo(child.Name);
            if (!ReferenceEquals(link, child))
                return WaitingFor.Nothing;
            link = child.NextSibling;
            child.NextSibling = null; // a reference to a stopped actor must not keep living ones
            _count--;
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
        lock (this)
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

    private ref ActorCell? BucketOf(int nameHash) => ref _buckets[nameHash & (_buckets.Length - 1)];

    /// <summary>The link that leads to the child of this name; one that leads nowhere if there is none.</summary>
    private ref ActorCell? LinkTo(string name)
    {
        var hash = name.GetHashCode();
        ref var link = ref BucketOf(hash);
        while (link is not null && (link.NameHash != hash || link.Name != name))
            link = ref link.NextSibling;
        return ref link;
    }

    private ActorCell[] Unordered()
    {
        var children = new ActorCell[_count];
        var at = 0;
        foreach (var first in _buckets)
        {
            for (var child = first; child is not null; child = child.NextSibling)
                children[at++] = child;
        }

        return children;
    }

    private void Link(ActorCell child)
    {
        ref var first = ref BucketOf(child.NameHash);
        child.NextSibling = first;
        first = child;
    }

    private void Grow()
    {
        var children = Unordered();
        _buckets = new ActorCell?[_buckets.Length * 2];
        foreach (var child in children)
            Link(child);
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
