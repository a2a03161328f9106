namespace Akka.Runtime;

/// <summary>Keeps what is to run until it is told to run one of it, drawn at random.</summary>
internal sealed class SimulatedExecutor(Random random) : IExecutor
{
    private readonly Lock _gate = new();
    private readonly List<IThreadPoolWorkItem> _ready = [];

    public void Execute(IThreadPoolWorkItem work, bool yielding)
    {
        lock (_gate)
            _ready.Add(work);
    }

    /// <summary>False when there is nothing to run.</summary>
    public bool RunOne()
    {
        IThreadPoolWorkItem work;
        lock (_gate)
        {
            if (_ready.Count == 0)
                return false;
            var chosen = random.Next(_ready.Count);
            work = _ready[chosen];
            _ready[chosen] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
        }

        work.Execute();
        return true;
    }
}
