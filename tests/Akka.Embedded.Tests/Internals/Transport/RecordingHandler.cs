using Akka.Remote.Transport;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Keeps what it is told, and whatever is against the rules of telling it. It can hold up its link.</summary>
/// <param name="link">If it is known already.</param>
public sealed class RecordingHandler(ILink? link) : ILinkHandler
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _frames = [];
    private readonly List<string> _faults = [];
    private readonly ManualResetEventSlim _goOn = new(true);
    private int _inside;
    private volatile ILink? _link = link;
    private volatile bool _isOpen;
    private volatile bool _isClosed;

    /// <summary>Set while a test calls the transport: a handler must not be called from inside such a call.</summary>
    [ThreadStatic]
    private static bool _isCalling;

    /// <summary>Called with every frame, on the link's thread.</summary>
    public Action<ILink, byte[]>? OnReceived { get; set; }

    /// <summary>Likewise, when it is open.</summary>
    public Action<ILink>? OnOpened { get; set; }

    public ILink? Link => _link;

    public bool IsOpen => _isOpen;

    public bool IsClosed => _isClosed;

    public Exception? Cause { get; private set; }

    public byte[][] Frames
    {
        get
        {
            lock (_gate)
                return [.. _frames];
        }
    }

    /// <summary>What its frames begin with.</summary>
    public IEnumerable<int> Numbers => Frames.Select(static frame => BitConverter.ToInt32(frame));

    public int Count
    {
        get
        {
            lock (_gate)
                return _frames.Count;
        }
    }

    public long Bytes { get; private set; }

    /// <summary>Calls the transport, in whose call no handler may be called.</summary>
    public static T Calling<T>(Func<T> call)
    {
        _isCalling = true;
        try
        {
            return call();
        }
        finally
        {
            _isCalling = false;
        }
    }

    /// <summary>From now on it takes no frame; the one that comes next keeps the link waiting.</summary>
    public void Hold() => _goOn.Reset();

    public void Release() => _goOn.Set();

    /// <summary>Keeps nothing of what was received.</summary>
    public void ForgetFrames()
    {
        lock (_gate)
            _frames.Clear();
    }

    public void Opened(ILink link) => Tell(link, () =>
    {
        Fault(_isOpen, "opened twice");
        Fault(Count > 0, "opened after a frame");
        _isOpen = true;
        OnOpened?.Invoke(link);
    });

    public void Received(ILink link, ReadOnlySpan<byte> frame)
    {
        var copy = frame.ToArray();
        Tell(link, () =>
        {
            Fault(!_goOn.Wait(TestNetwork.Patience), "held for ever");
            Bytes += copy.Length;
            lock (_gate)
                _frames.Add(copy);
            OnReceived?.Invoke(link, copy);
        });
    }

    public void Closed(ILink link, Exception? cause) => Tell(link, () =>
    {
        Cause = cause;
        _isClosed = true;
    });

    public void ShouldHaveBeenTreatedWell()
    {
        lock (_gate)
            _faults.ShouldBeEmpty();
    }

    private void Tell(ILink link, Action what)
    {
        Fault(Interlocked.Increment(ref _inside) != 1, "called by two at once");
        Fault(_isCalling, "called from inside a call of the transport");
        Fault(_isClosed, "called after its end");
        Fault(_link is { } known && known != link, "called with another link");
        _link = link;
        try
        {
            what();
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private void Fault(bool isOne, string what)
    {
        if (!isOne)
            return;
        lock (_gate)
            _faults.Add(what);
    }
}
