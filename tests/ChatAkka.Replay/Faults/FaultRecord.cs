namespace ChatAkka.Replay.Faults;

/// <summary>One fault of a run: when it was, what it hit, and what went wrong. Times are Stopwatch ticks.</summary>
internal sealed class FaultRecord(string name, long began)
{
    private const int FirstOfSignals = 128; // what is killed by one ends with it, a .NET program by an unhandled exception with SIGABRT

    private readonly Lock _lock = new();
    private readonly List<string> _breaches = [];
    private int _nodesEnded;

    public string Name => name;

    public long Began => began;

    /// <summary>When everything was there again; 0 while it isn't.</summary>
    public long Healed { get; set; }

    /// <summary>When every client was connected again and everything sent before the healing was acknowledged; 0 while that isn't so, and
    /// if nobody looked.</summary>
    public long Quiet { get; set; }

    /// <summary>What it was done to, in words.</summary>
    public string Hit { get; set; } = "";

    /// <summary>What was not at rest when that was last looked at, in words; null if nothing was.</summary>
    public string? Restless { get; set; }

    /// <summary>Nodes that were asked to stop, and did.</summary>
    public int NodesStopped { get; set; }

    /// <summary>Nodes that ended by themselves, as one does that the others have given up.</summary>
    public int NodesEnded => Volatile.Read(ref _nodesEnded);

    /// <summary>What a server did wrong that isn't seen in the channels, in sentences.</summary>
    public IReadOnlyList<string> Breaches
    {
        get
        {
            lock (_lock)
            {
                return [.. _breaches];
            }
        }
    }

    /// <summary>A node ended by itself. It may do so, but it must have meant to.</summary>
    public void NodeEnded(string node, int code)
    {
        Interlocked.Increment(ref _nodesEnded);
        if (code >= FirstOfSignals)
        {
            Breach($"{node} was ended by a crash, with code {code}");
        }
    }

    public void Breach(string sentence)
    {
        lock (_lock)
        {
            _breaches.Add($"{name}{(Hit.Length > 0 ? $" of {Hit}" : "")}: {sentence}");
        }
    }
}
