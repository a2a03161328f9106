using Akka.Actor;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.Transport;
using ChatAkka.Gateway.WebSockets.Handshake;
using ChatAkka.Protocol;

namespace ChatAkka.Gateway.WebSockets;

/// <summary>Turns a transport whose handshake is done into a served connection with its actor.</summary>
internal sealed class WebSocketAcceptor(
    ActorSystem system, Lazy<ConnectionServices> services, ConnectionRegistry registry, ConnectionSweeper sweeper)
{
    /// <summary>What is answered in fact: no new socket on a node that is going away.</summary>
    public HandshakeAnswer Answer(UpgradeRequest request)
    {
        var answer = HandshakeAnswer.To(request);
        return answer.IsAccepted && sweeper.IsDraining ? HandshakeAnswer.Unavailable : answer;
    }

    /// <summary>Notes a refusal.</summary>
    public void Refuse(HandshakeAnswer answer) => GatewayLog.HandshakeRefused(services.Value.Log, answer.Status, answer.Detail);

    /// <summary>Serves the socket until it is closed; then the transport is closed.</summary>
    public void Serve(ITransport transport)
    {
        var connection = new Connection(transport, services.Value);
        IActorRef actor;
        try
        {
            actor = system.ActorOf(ConnectionActor.Props(connection));
        }
        catch (InvalidOperationException)
        {
            // The cluster has given this node up, and its actors are stopping.
            connection.Abort();
            connection.Finish();
            return;
        }

        registry.Add(connection);
        if (sweeper.IsDraining)
        {
            // It was let in before the others were asked to leave, and came too late to be asked with them.
            actor.Tell(new CloseSocket(CloseCode.GoingAway), ActorRefs.NoSender);
        }

        connection.Start(actor);
    }
}
