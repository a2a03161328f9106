using Akka.Event;

namespace Akka.Cluster;

/// <summary>What the application wants run when this node is no member any more. Thread-safe.</summary>
internal sealed class ClusterCallbacks(ILoggingAdapter log)
{
    private readonly Lock _gate = new();
    private List<Action>? _onRemoved = [];

    /// <summary>False when it is too late.</summary>
    public bool AddOnRemoved(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        lock (_gate)
        {
            _onRemoved?.Add(callback);
            return _onRemoved is not null;
        }
    }

    public void RunOnRemoved()
    {
        List<Action> callbacks;
        lock (_gate)
        {
            callbacks = _onRemoved ?? [];
            _onRemoved = null;
        }

        foreach (var callback in callbacks)
            Run(callback, log);
    }

    public static void Run(Action callback, ILoggingAdapter log)
    {
        try
        {
            callback();
        }
        catch (Exception e)
        {
            log.Error(e, "A callback of the cluster membership failed");
        }
    }
}
