using Akka.Remote.Transport;

namespace Akka.Runtime;

/// <summary>One end of a simulated link. What happens at it is told to its handler as work of its node, in order.</summary>
internal sealed class SimulatedLink : ILink, IThreadPoolWorkItem
{
    private static long _lastNumber;

    private readonly SimulatedNetwork _network;
    private readonly Queue<Action<SimulatedLink>> _events = new();
    private ILinkHandler? _handler;
    private SimulatedPipe? _outgoing;
    private SimulatedLink? _other;
    private bool _isClosed;
    private bool _isClosing;

    public SimulatedLink(SimulatedNetwork network, SimulatedNode node, string remote, ILinkHandler? handler)
    {
        (_network, Node, RemoteName, _handler) = (network, node, remote, handler);
        Number = Interlocked.Increment(ref _lastNumber);
    }

    /// <summary>Links are older the lower it is.</summary>
    public long Number { get; }

    public SimulatedNode Node { get; }

    public string RemoteName { get; }

    public int PendingBytes => _outgoing?.Bytes ?? 0;

    /// <summary>The link is open: both ends learn of it.</summary>
    public static (SimulatedLink Near, SimulatedLink Far) Join(SimulatedLink near, SimulatedListener listener)
    {
        var far = new SimulatedLink(near._network, listener.Node, near.Node.Host, null);
        (near._other, far._other) = (far, near);
        near._outgoing = new SimulatedPipe(near._network, near, far);
        far._outgoing = new SimulatedPipe(near._network, far, near);
        far._handler = listener.Accept(far);
        near.Raise(static link => link._handler!.Opened(link));
        if (near._isClosing)
            near.Close();
        return (near, far);
    }

    public bool Connects(string one, string other) =>
        (Node.Host == one && RemoteName == other) || (Node.Host == other && RemoteName == one);

    public bool TrySend(ReadOnlySpan<byte> frame, int limit)
    {
        if (_isClosed || _isClosing || _outgoing is null || _outgoing.Bytes > limit)
            return false;
        if (_network.Sent(this, frame.Length))
            Break(new IOException("The link broke."));
        else
            _outgoing.Send(frame.ToArray());
        return true;
    }

    public void Close()
    {
        _isClosing = true;
        if (_outgoing is null || _isClosed)
            return;
        _outgoing.Send(null);
        End(null);
    }

    /// <summary>What isn't there yet won't come any more, at either end.</summary>
    public void Break(Exception cause)
    {
        _outgoing?.Clear();
        _other?._outgoing?.Clear();
        var other = _other;
        End(cause);
        if (other is { _isClosed: false })
            _network.After(_network.Latency(), () => other.End(cause));
    }

    public void Arrived(byte[]? frame)
    {
        if (_isClosed)
            return;
        if (frame is null)
            End(null);
        else
            Raise(link => link._handler!.Received(link, frame));
    }

    void IThreadPoolWorkItem.Execute()
    {
        // It stays in the queue while it runs, so that what it brings about doesn't schedule this a second time.
        _events.Peek()(this);
        _events.Dequeue();
        if (_events.Count > 0)
            Node.Execute(this);
    }

    private void End(Exception? cause)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _network.Forget(this);
        Raise(link => link._handler!.Closed(link, cause));
    }

    private void Raise(Action<SimulatedLink> happened)
    {
        _events.Enqueue(happened);
        if (_events.Count == 1)
            Node.Execute(this);
    }
}

/// <summary>One direction of a simulated link.</summary>
internal sealed class SimulatedPipe(SimulatedNetwork network, SimulatedLink from, SimulatedLink to)
{
    private readonly Queue<(byte[]? Frame, long Due)> _frames = new();
    private long _lastDue;
    private bool _isGoing;

    /// <summary>On their way.</summary>
    public int Bytes { get; private set; }

    /// <param name="frame">Null for the end.</param>
    public void Send(byte[]? frame)
    {
        _lastDue = Math.Max(_lastDue, network.Now + network.Latency().Ticks);
        _frames.Enqueue((frame, _lastDue));
        Bytes += frame?.Length ?? 0;
        Go();
    }

    /// <summary>Has the first frame arrive when it is due.</summary>
    public void Go()
    {
        if (_isGoing || _frames.Count == 0)
            return;
        _isGoing = true;
        network.After(TimeSpan.FromTicks(Math.Max(0, _frames.Peek().Due - network.Now)), Arrive);
    }

    public void Clear()
    {
        _frames.Clear();
        Bytes = 0;
    }

    private void Arrive()
    {
        _isGoing = false;
        if (network.IsCut(from.Node.Host, to.Node.Host))
        {
            network.HoldUp(this);
            return;
        }

        while (_frames.TryPeek(out var first) && first.Due <= network.Now)
        {
            _frames.Dequeue();
            Bytes -= first.Frame?.Length ?? 0;
            to.Arrived(first.Frame);
        }

        Go();
    }
}
