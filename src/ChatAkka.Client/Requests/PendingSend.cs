using ChatAkka.Client.Events;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Requests;

/// <summary>A message on its way. Every attempt bears the same client id, so that it is stored once.</summary>
internal sealed class PendingSend(string? channel, string? to, string clientId, string text, SendOptions options)
    : PendingRequest<SentMessage>(
    (writer, reference) => ClientFrameEncoder.Send(writer, reference, channel, to, clientId, text, options.ReplyTo, options.Mentions),
    ok => ok is { Channel: not null, Id: > 0 } ? new SentMessage(ok.Channel, ok.Id, ok.N, Instants.Of(ok.At), ok.Duplicate) : null)
{
    /// <summary>The event that the answer stands for; null if the answer lacks something.</summary>
    public MessageReceived? Event(OkServerFrame ok, string user) => ok is { Channel: not null, Id: > 0 }
        ? new MessageReceived(ok.Channel, ok.Id, ok.N, Instants.Of(ok.At), user, text)
        {
            ClientId = clientId,
            ReplyTo = options.ReplyTo,
            Mentions = options.Mentions ?? [],
            IsOwn = true,
        }
        : null;
}
