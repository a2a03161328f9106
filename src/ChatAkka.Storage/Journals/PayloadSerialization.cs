using Akka.Actor;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Storage.Journals;

/// <summary>Events and snapshots to rows and back, with the system's serializers.</summary>
internal sealed class PayloadSerialization(ActorSystem system)
{
    private readonly Akka.Serialization.Serialization _serialization = system.Serialization;

    public JournalRow ToRow(string persistenceId, long sequenceNr, object payload)
    {
        var serializer = _serialization.FindSerializerFor(payload);
        return new JournalRow(
            persistenceId,
            sequenceNr,
            serializer.Identifier,
            Akka.Serialization.Serialization.ManifestFor(serializer, payload),
            serializer.ToBinary(payload))
        {
            IsTimeline = payload is ChannelEvent,
            Annotates = payload is Annotation annotation ? (annotation.Target, annotation.Slot) : null,
        };
    }

    public object FromRow(in JournalRow row) => _serialization.Deserialize(row.Payload, row.SerializerId, row.Manifest);
}
