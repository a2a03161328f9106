using System.Buffers;
using System.Text;
using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Associations;

/// <summary>
/// Writes to one link. What the other end knows of names ends with the link, so this does too. Guarded by its association.
/// </summary>
internal sealed class OutboundLink(ILink link, RemoteSetup setup)
{
    /// <summary>How many references, and manifests, have a number at the same time on one link.</summary>
    public const int References = 16_384;

    /// <inheritdoc cref="References"/>
    public const int Manifests = 1024;

    // A scratch buffer that an exceptional message has made this large isn't kept.
    private const int LargestKept = 64 * 1024;

    private readonly NumberedNames<IActorRef> _receivers = new(References);
    private readonly NumberedNames<IActorRef> _senders = new(References);
    private readonly NumberedNames<string> _manifests = new(Manifests);
    private ArrayBufferWriter<byte> _scratch = new(512);

    public ILink Link => link;

    /// <summary>False if too much is waiting already, or the link has ended.</summary>
    public bool TrySend(in OutboundMessage message)
    {
        var limit = message.Recipient.IsPrior ? int.MaxValue : setup.MaxPendingBytes;
        if (link.PendingBytes > limit)
            return false; // before numbers are given that the other end would never hear of
        var frame = new EnvelopeFrame { Serializer = message.Serializer, Payload = message.Payload };
        frame.ToNumber = _receivers.NumberOf(message.Recipient, out var isNew);
        if (isNew)
            frame.To = message.Recipient.Name;
        if (message.Sender is ITemporaryRef temporary)
        {
            frame.From = Encoding.UTF8.GetBytes(ActorNaming.ForFrame(temporary)); // for this once
        }
        else if (message.Sender is { } sender)
        {
            frame.FromNumber = _senders.NumberOf(sender, out isNew);
            if (isNew)
                frame.From = Encoding.UTF8.GetBytes(ActorNaming.ForFrame(sender));
        }

        if (message.Manifest.Length > 0)
        {
            frame.ManifestNumber = _manifests.NumberOf(message.Manifest, out isNew);
            if (isNew)
                frame.Manifest = Encoding.UTF8.GetBytes(message.Manifest);
        }

        frame.Write(_scratch);
        var sent = link.TrySend(_scratch.WrittenSpan, int.MaxValue);
        if (_scratch.Capacity > LargestKept)
            _scratch = new ArrayBufferWriter<byte>(512);
        else
            _scratch.ResetWrittenCount();
        return sent;
    }

    public void Send(Frame frame) => link.TrySend(frame.ToByteArray(), int.MaxValue);

    public void SendSystem(byte[] frame) => link.TrySend(frame, int.MaxValue);
}

/// <summary>A message that is bytes already.</summary>
internal readonly record struct OutboundMessage(
    RemoteActorRef Recipient, IActorRef? Sender, object Message, int Serializer, string Manifest, byte[] Payload);
