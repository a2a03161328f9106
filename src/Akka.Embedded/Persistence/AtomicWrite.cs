using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What a journal is asked to write: one or more events of one persistent actor.</summary>
public interface IPersistentEnvelope
{
    object Payload { get; }

    IActorRef? Sender { get; }

    /// <summary>The number of events.</summary>
    int Size { get; }
}

/// <summary>
/// Events of one persistent actor that a journal stores all or none of: one event of a <c>Persist</c>, or all of a
/// <c>PersistAll</c>. <see cref="Payload"/> is an <see cref="IImmutableList{T}"/> of <see cref="IPersistentRepresentation"/>.
/// </summary>
/// <remarks>The list around a single event is made only when a journal asks for it.</remarks>
public sealed class AtomicWrite : IPersistentEnvelope
{
    // Either a single event or the list of all; replaced by a list on the first read of Payload.
    private object _payload;

    public AtomicWrite(IPersistentRepresentation @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        _payload = @event;
        Size = 1;
        LowestSequenceNr = HighestSequenceNr = @event.SequenceNr;
        PersistenceId = @event.PersistenceId;
    }

    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Count == 0)
            throw new ArgumentException("An atomic write needs at least one event.", nameof(payload));

        _payload = payload;
        Size = payload.Count;
        LowestSequenceNr = payload[0].SequenceNr;
        HighestSequenceNr = payload[^1].SequenceNr;
        PersistenceId = payload[0].PersistenceId;
        foreach (var @event in payload)
        {
            if (@event.PersistenceId != PersistenceId)
            {
                throw new ArgumentException(
                    $"An atomic write needs events of one persistence id, not of '{PersistenceId}' and '{@event.PersistenceId}'.",
                    nameof(payload));
            }
        }
    }

    public object Payload => Events;

    public string PersistenceId { get; }

    public long LowestSequenceNr { get; }

    public long HighestSequenceNr { get; }

    public int Size { get; }

    public IActorRef? Sender => this[0].Sender;

    internal IImmutableList<IPersistentRepresentation> Events
    {
        get
        {
            if (_payload is IImmutableList<IPersistentRepresentation> events)
                return events;

            // Two threads may both make a list here; either is right.
            events = ImmutableArray.Create((IPersistentRepresentation)_payload);
            _payload = events;
            return events;
        }
    }

    internal IPersistentRepresentation this[int index] =>
        _payload is IImmutableList<IPersistentRepresentation> events ? events[index] : (IPersistentRepresentation)_payload;

    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, {LowestSequenceNr} to {HighestSequenceNr}>";
}
