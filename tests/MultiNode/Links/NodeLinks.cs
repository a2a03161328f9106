using System.Net;

namespace ChatAkka.Tests.MultiNode.Links;

/// <summary>Where a node is, and where the others look for it.</summary>
/// <param name="Bound">Where it listens. Its connections to others come from this address, too.</param>
/// <param name="Public">Where the others look for it; the same if nothing is in between.</param>
internal sealed record NodeAddress(IPEndPoint Bound, IPEndPoint Public);

/// <summary>
/// The network between the nodes of a cluster: every connection leads through a proxy of ours, which knows both ends, so that each way
/// from one node to another can be cut by itself. Nodes are numbered from 0. Thread-safe.
/// </summary>
internal sealed class NodeLinks : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<NodeAddress> _nodes = [];
    private readonly List<NodeProxy> _proxies = [];
    private readonly Dictionary<(int From, int To), Direction> _directions = [];

    /// <summary>Connections of somebody who isn't a node, or doesn't connect from its own address: those can't be cut, so that faults
    /// wouldn't be what they say.</summary>
    public int Strangers
    {
        get
        {
            lock (_lock)
            {
                return _proxies.Sum(p => p.Strangers);
            }
        }
    }

    /// <summary>Connections between nodes that are open.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                return _proxies.Sum(p => p.Connections);
            }
        }
    }

    /// <summary>Bytes that have passed, on all ways together, without what TCP adds.</summary>
    public long Carried
    {
        get
        {
            lock (_lock)
            {
                return _directions.Values.Sum(d => d.Carried);
            }
        }
    }

    /// <summary>The way from one node to another.</summary>
    public Direction this[int from, int to]
    {
        get
        {
            lock (_lock)
            {
                if (!_directions.TryGetValue((from, to), out var direction))
                {
                    _directions[(from, to)] = direction = new Direction();
                }

                return direction;
            }
        }
    }

    /// <summary>The next node; from now on the others find it.</summary>
    public void Add(NodeAddress node)
    {
        lock (_lock)
        {
            var number = _nodes.Count;
            _nodes.Add(node);
            _proxies.Add(new NodeProxy(node.Public, node.Bound, dialer => Between(dialer, number)));
        }
    }

    /// <summary>Cuts both ways between two nodes.</summary>
    public void Cut(int one, int other)
    {
        this[one, other].Cut();
        this[other, one].Cut();
    }

    /// <summary>Cuts a node off from all others, both ways.</summary>
    public void Isolate(int node)
    {
        foreach (var other in Others(node))
        {
            Cut(node, other);
        }
    }

    /// <summary>Cuts one way: what a node says reaches nobody, but it hears the others.</summary>
    public void Mute(int node)
    {
        foreach (var other in Others(node))
        {
            this[node, other].Cut();
        }
    }

    /// <summary>Cuts the other way: a node hears nobody, but what it says reaches the others.</summary>
    public void Deafen(int node)
    {
        foreach (var other in Others(node))
        {
            this[other, node].Cut();
        }
    }

    /// <summary>Breaks all connections between two nodes; they may make new ones.</summary>
    public void Reset(int one, int other)
    {
        lock (_lock)
        {
            _proxies[one].Reset(_nodes[other].Bound.Address);
            _proxies[other].Reset(_nodes[one].Bound.Address);
        }
    }

    /// <summary>Makes everything whole, and as fast as it is.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            foreach (var direction in _directions.Values)
            {
                direction.Delay = TimeSpan.Zero;
                direction.Heal();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    private int[] Others(int node)
    {
        lock (_lock)
        {
            return [.. Enumerable.Range(0, _nodes.Count).Where(n => n != node)];
        }
    }

    private (Direction There, Direction Back)? Between(IPAddress dialer, int node)
    {
        int from;
        lock (_lock)
        {
            from = _nodes.FindIndex(n => n.Bound.Address.Equals(dialer));
        }

        return from < 0 ? null : (this[from, node], this[node, from]);
    }
}
