using Akka.Actor;

namespace Akka.Cluster;

/// <summary>A parent of the cluster's actors. One that fails is not restarted: it would not know what it has promised to others.</summary>
internal sealed class ClusterGuardian : ActorBase
{
    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override bool Receive(object message) => false;
}
