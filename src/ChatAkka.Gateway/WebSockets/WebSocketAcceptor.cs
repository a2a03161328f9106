using System.IO.Pipelines;
using Akka.Actor;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.WebSockets.Handshake;
using ChatAkka.Protocol;

namespace ChatAkka.Gateway.WebSockets;

/// <summary>Turns a transport whose handshake is done into a served connection with its actor.</summary>
internal sealed class WebSocketAcceptor(ActorSystem system, Lazy<ConnectionServices> services, ConnectionRegistry registry, ConnectionSweeper sweeper)
{
    /// <summary>What is answered in fact: no new socket on a node that is going away.</summary>
    public HandshakeAnswer Check(HandshakeAnswer answer)
    {
        answer = answer.IsAccepted && sweeper.IsDraining ? HandshakeAnswer.Unavailable : answer;
        if (!answer.IsAccepted)
        {
            GatewayLog.HandshakeRefused(services.Value.Log, answer.Status, answer.Detail);
        }

        return answer;
    }

    /// <summary>Serves the socket until it is closed.</summary>
    /// <param name="abort">Ends the transport; see <see cref="Connection"/>.</param>
    public Task RunAsync(IDuplexPipe transport, Action abort)
    {
        var connection = new Connection(transport, abort, services.Value);
        var actor = system.ActorOf(ConnectionActor.Props(connection, services.Value));
        registry.Add(connection);
        if (sweeper.IsDraining)
        {
            // It was let in before the others were asked to leave, and came too late to be asked with them.
            actor.Tell(new CloseSocket(CloseCode.GoingAway), ActorRefs.NoSender);
        }

        return connection.RunAsync(actor);
    }
}
