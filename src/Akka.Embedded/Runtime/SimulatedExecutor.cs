namespace Akka.Runtime;

/// <summary>
/// Keeps what is to run until it is told to run one of it, drawn at random. Work belongs to a <see cref="SimulatedNode"/>, or to none.
/// </summary>
internal sealed class SimulatedExecutor(Random random) : IExecutor
{
    private readonly Lock _gate = new();
    private readonly List<(SimulatedNode? Node, IThreadPoolWorkItem Work)> _ready = [];

    public void Execute(IThreadPoolWorkItem work, bool yielding) => Execute(null, work);

    public void Execute(SimulatedNode? node, IThreadPoolWorkItem work)
    {
        lock (_gate)
            _ready.Add((node, work));
    }

    /// <summary>False when there is nothing to run.</summary>
    public bool RunOne()
    {
        (SimulatedNode? Node, IThreadPoolWorkItem Work) next;
        lock (_gate)
        {
            if (_ready.Count == 0)
                return false;
            var chosen = random.Next(_ready.Count);
            next = _ready[chosen];
            _ready[chosen] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
        }

        if (next.Node is null || next.Node.MayRun(next.Work))
            next.Work.Execute();
        return true;
    }
}
