using System.Text;
using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>The system messages that cross nodes: those of death watch, and the one that stops an actor.</summary>
internal static class SystemMessages
{
    /// <summary>Null for one that only makes sense within a node.</summary>
    public static SystemEnvelope? ToWire(SystemMessage message, RemoteActorRef recipient)
    {
        var envelope = new SystemEnvelope { To = Encoding.UTF8.GetString(recipient.Name) };
        switch (message)
        {
            case Actor.Watch watch:
                envelope.Watch = new Wire.Watch { Watcher = ActorNaming.ForFrame(watch.Watcher) };
                return envelope;
            case Actor.Unwatch unwatch:
                envelope.Unwatch = new Wire.Unwatch { Watcher = ActorNaming.ForFrame(unwatch.Watcher) };
                return envelope;
            case DeathWatchNotification death:
                envelope.Death = new Death { Actor = ActorNaming.ForFrame(death.Actor), Existed = death.ExistenceConfirmed };
                return envelope;
            case Terminate:
                envelope.Stop = new Stop();
                return envelope;
            default:
                return null;
        }
    }

    /// <summary>Carries out what another node has sent.</summary>
    public static void Receive(SystemEnvelope envelope, Association association, RemoteSystem remote)
    {
        var recipient = remote.FindLocal(envelope.To);
        switch (envelope.KindCase)
        {
            case SystemEnvelope.KindOneofCase.Watch:
                var watcher = remote.Find(envelope.Watch.Watcher, association);
                association.Watches.WatchedFromThere(watcher, recipient);
                recipient.SendSystemMessage(new Actor.Watch(recipient, watcher));
                break;
            case SystemEnvelope.KindOneofCase.Unwatch:
                var former = remote.Find(envelope.Unwatch.Watcher, association);
                association.Watches.UnwatchedFromThere(former, recipient);
                recipient.SendSystemMessage(new Actor.Unwatch(former));
                break;
            case SystemEnvelope.KindOneofCase.Death:
                var dead = remote.Find(envelope.Death.Actor, association);
                association.Watches.Died(recipient, dead);
                recipient.SendSystemMessage(new DeathWatchNotification(dead, envelope.Death.Existed, addressTerminated: false));
                break;
            case SystemEnvelope.KindOneofCase.Stop:
                recipient.Stop();
                break;
        }
    }
}
