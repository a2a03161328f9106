using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Something that happens once. Who waits for it goes on as work of the system's executor, never inside who tells of it.</summary>
internal sealed class Signal(ActorSystemImpl system) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<Done> _completion = new();
    private int _isSet;

    public Task<Done> Task => _completion.Task;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
            system.Executor.Execute(this, yielding: false);
    }

    void IThreadPoolWorkItem.Execute() => _completion.TrySetResult(Done.Instance);
}
