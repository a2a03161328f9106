using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Runtime;

/// <summary>
/// A network in virtual time. A frame takes a while that is drawn at random; what is sent from a host to another one can be held up, in one
/// direction or both, and links can be broken. As over TCP, a link loses nothing while it is open, however long it is held up.
/// </summary>
public sealed class SimulatedNetwork
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly VirtualTime _time;
    private readonly Random _random;
    private readonly Dictionary<(string Host, int Port), SimulatedListener> _listeners = [];
    private readonly HashSet<(string From, string To)> _cut = [];
    private readonly List<SimulatedPipe> _heldUp = [];
    private readonly HashSet<SimulatedLink> _links = [];
    private int _lastPort = 50_000;

    internal SimulatedNetwork(VirtualTime time, Random random) => (_time, _random) = (time, random);

    /// <summary>How long a frame takes at least.</summary>
    public TimeSpan MinLatency { get; set; } = TimeSpan.FromTicks(500);

    /// <summary>How long a frame takes at most.</summary>
    public TimeSpan MaxLatency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>How likely a link breaks with any one frame, which is lost with it.</summary>
    public double BreakProbability { get; set; }

    /// <summary>Of all frames that were sent.</summary>
    public long Bytes { get; private set; }

    public long Frames { get; private set; }

    /// <summary>Called with every frame that is sent: from which host to which, and how long it is.</summary>
    public Action<string, string, int>? OnFrame { get; set; }

    /// <summary>From now on nothing gets from one host to the other; the way back is another matter.</summary>
    public void Cut(string from, string to) => _cut.Add((from, to));

    /// <summary>Nothing gets from either side to the other.</summary>
    public void Partition(IReadOnlyCollection<string> one, IReadOnlyCollection<string> other)
    {
        foreach (var left in one)
        {
            foreach (var right in other)
            {
                Cut(left, right);
                Cut(right, left);
            }
        }
    }

    /// <summary>Everything gets everywhere again; what was held up, first.</summary>
    public void Heal() => Heal(static _ => true);

    /// <inheritdoc cref="Heal()"/>
    public void Heal(string from, string to) => Heal(cut => cut == (from, to));

    /// <summary>Breaks all links between two hosts: what is on its way is lost.</summary>
    public void Break(string one, string other)
    {
        foreach (var link in LinksWhere(link => link.Connects(one, other)))
            link.Break(new IOException("The link was broken."));
    }

    internal bool IsCut(string from, string to) => _cut.Contains((from, to));

    internal SimulatedListener Listen(SimulatedNode node, string host, int port, Func<ILink, ILinkHandler> accept)
    {
        var listener = new SimulatedListener(node, port != 0 ? port : ++_lastPort, accept, listener => _listeners.Remove((host, listener.Port)));
        if (_listeners.TryGetValue((host, listener.Port), out var other) && !other.Node.IsDead)
            throw new IOException($"{host}:{port} is in use.");
        _listeners[(host, listener.Port)] = listener;
        return listener;
    }

    internal ILink Connect(SimulatedNode node, Address remote, ILinkHandler handler)
    {
        var link = new SimulatedLink(this, node, remote.Host!, handler);
        if (IsCut(node.Host, remote.Host!) || IsCut(remote.Host!, node.Host))
            After(ConnectTimeout, () => link.Break(new IOException($"No answer from {remote} within {ConnectTimeout}.")));
        else
            After(Latency() + Latency(), () => Open(link, remote));
        return link;
    }

    internal void Forget(SimulatedLink link) => _links.Remove(link);

    internal void Die(SimulatedNode node)
    {
        foreach (var (place, listener) in _listeners.ToArray())
        {
            if (listener.Node == node)
                _listeners.Remove(place);
        }

        foreach (var link in LinksWhere(link => link.Node == node))
            link.Break(new IOException("The other end has died."));
    }

    /// <summary>Whether a frame is the one with which its link breaks.</summary>
    internal bool Sent(SimulatedLink link, int length)
    {
        Frames++;
        Bytes += length;
        OnFrame?.Invoke(link.Node.Host, link.RemoteName, length);
        return BreakProbability > 0 && _random.NextDouble() < BreakProbability;
    }

    internal void HoldUp(SimulatedPipe pipe) => _heldUp.Add(pipe);

    internal long Now => _time.GetTimestamp();

    internal TimeSpan Latency() => MinLatency + (MaxLatency - MinLatency) * _random.NextDouble();

    internal void After(TimeSpan delay, Action action) =>
        _time.CreateTimer(static action => ((Action)action!)(), action, delay, Timeout.InfiniteTimeSpan);

    private void Open(SimulatedLink link, Address remote)
    {
        if (_listeners.TryGetValue((remote.Host!, remote.Port!.Value), out var listener) && !link.Node.IsDead)
        {
            var (near, far) = SimulatedLink.Join(link, listener);
            _links.Add(near);
            _links.Add(far);
        }
        else
        {
            link.Break(new NobodyListensException($"Nobody listens at {remote}."));
        }
    }

    private void Heal(Predicate<(string, string)> which)
    {
        _cut.RemoveWhere(which);
        var heldUp = _heldUp.ToArray();
        _heldUp.Clear();
        foreach (var pipe in heldUp)
            pipe.Go();
    }

    // In an order that doesn't depend on the hash codes of this run.
    private SimulatedLink[] LinksWhere(Func<SimulatedLink, bool> which) => [.. _links.Where(which).OrderBy(static link => link.Number)];
}

/// <summary>The network as one node sees it.</summary>
internal sealed class SimulatedTransport(SimulatedNetwork network, SimulatedNode node) : ITransport
{
    public IListener Listen(string host, int port, Func<ILink, ILinkHandler> accept) => network.Listen(node, node.Host, port, accept);

    public ILink Connect(Address remote, ILinkHandler handler) => network.Connect(node, remote, handler);

    public void Die() => network.Die(node);
}

internal sealed class SimulatedListener(
    SimulatedNode node, int port, Func<ILink, ILinkHandler> accept, Action<SimulatedListener> closed) : IListener
{
    public SimulatedNode Node => node;

    public int Port => port;

    public ILinkHandler Accept(ILink link) => accept(link);

    public void Dispose() => closed(this);
}
