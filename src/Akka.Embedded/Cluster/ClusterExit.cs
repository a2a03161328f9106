using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The part of a system's shutdown that concerns its membership: leave, wait until all know, say that this node is gone.</summary>
internal sealed class ClusterExit(ActorSystemImpl system, Cluster cluster)
{
    private readonly CoordinatedShutdown _shutdown = CoordinatedShutdown.Get(system);
    private readonly Signal _exiting = new(system);
    private readonly Signal _removed = new(system);

    /// <summary>The node has ceased to be a member, and its cluster's actors have stopped.</summary>
    public Task<Done> Removed => _removed.Task;

    public void Register()
    {
        _shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", LeaveAsync);
        _shutdown.AddTask(CoordinatedShutdown.PhaseClusterExiting, "wait-exiting", WaitUntilExitingAsync);
        _shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", CompleteAsync);
        _shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "stop-cluster", StopAsync);
    }

    /// <summary>All know that this node goes: its system shuts down, if it doesn't yet.</summary>
    public void OnExiting()
    {
        _exiting.Set();
        _ = _shutdown.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    /// <summary>The daemon has stopped.</summary>
    public void OnRemoved(ClusterEnd reason)
    {
        _exiting.Set();
        _removed.Set();
        if (reason == ClusterEnd.CanNotJoin)
            _ = _shutdown.Run(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
        else if (cluster.Setup.RunCoordinatedShutdownWhenDown)
            _ = _shutdown.Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    private Task<Done> LeaveAsync()
    {
        cluster.Leave(cluster.SelfAddress);
        return Task.FromResult(Done.Instance);
    }

    private Task<Done> WaitUntilExitingAsync() =>
        cluster.SelfMember.Status is MemberStatus.Removed or MemberStatus.Down ? Task.FromResult(Done.Instance) : _exiting.Task;

    private Task<Done> CompleteAsync()
    {
        if (cluster.SelfMember.Status != MemberStatus.Exiting)
            return Task.FromResult(Done.Instance);
        cluster.Tell(ExitingCompleted.Instance);
        return _removed.Task;
    }

    private Task<Done> StopAsync()
    {
        cluster.Stop();
        return _removed.Task;
    }
}
