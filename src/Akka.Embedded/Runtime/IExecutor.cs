namespace Akka.Runtime;

/// <summary>Runs actors. The seam by which a simulator takes over the scheduling of a whole system.</summary>
public interface IExecutor
{
    /// <summary>Runs the work once, soon, on any thread; not on the caller's before it returns from the batch that calls.</summary>
    /// <param name="work">A batch of one actor's messages.</param>
    /// <param name="yielding">The actor has had its turn and has more to do: others go first.</param>
    void Execute(IThreadPoolWorkItem work, bool yielding);
}

/// <summary>
/// The default: the process's thread pool. Everything goes through the pool's global queue: its local queues are LIFO and
/// come first, so that two actors that keep each other busy would keep sockets and timers from ever being served.
/// </summary>
internal sealed class ThreadPoolExecutor : IExecutor
{
    public static readonly ThreadPoolExecutor Instance = new();

    public void Execute(IThreadPoolWorkItem work, bool yielding) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
