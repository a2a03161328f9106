using Akka.Actor;

namespace Akka.Persistence;

/// <summary>One event as a journal stores and replays it.</summary>
public interface IPersistentRepresentation
{
    /// <summary>The event itself.</summary>
    object Payload { get; }

    /// <summary>A hint to the event's type for the journal; empty where none was given.</summary>
    string Manifest { get; }

    string PersistenceId { get; }

    /// <summary>The event's position, from 1, in the stream of its persistence id.</summary>
    long SequenceNr { get; }

    /// <summary>When it was persisted, in UTC ticks (100 ns since year 1); 0 where it is unknown.</summary>
    long Timestamp { get; }

    /// <summary>Tells writers of the same persistence id apart: every actor system that writes has its own.</summary>
    string WriterGuid { get; }

    /// <summary>Always false in newly written events; here for journals that mark events as deleted.</summary>
    bool IsDeleted { get; }

    /// <summary>Not stored: journals see <see cref="ActorRefs.NoSender"/>.</summary>
    IActorRef? Sender { get; }

    IPersistentRepresentation WithPayload(object payload);

    IPersistentRepresentation WithManifest(string manifest);

    IPersistentRepresentation WithTimestamp(long timestamp);

    IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid);
}
