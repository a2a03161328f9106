using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Answers heartbeats. An actor of its own, so that no work of the daemon's delays an answer.</summary>
internal sealed class HeartbeatReceiver(UniqueAddress self) : ActorBase
{
    private readonly HeartbeatResponse _response = new(self);

    protected override bool Receive(object message)
    {
        if (message is not Heartbeat)
            return false;
        Sender.Tell(_response, Self);
        return true;
    }
}
