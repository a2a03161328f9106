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
/// <remarks>The list around a single event is made only when a journal asks for it, and nothing is kept that the events tell.</remarks>
public sealed class AtomicWrite : IPersistentEnvelope
{
    // Either a single event or the list of all; replaced by a list on the first read of Payload.
    private object _payload;

    public AtomicWrite(IPersistentRepresentation @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        _payload = @event;
    }

    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Count == 0)
            throw new ArgumentException("An atomic write needs at least one event.", nameof(payload));
        _payload = payload;
        if (payload.FirstOrDefault(@event => @event.PersistenceId != PersistenceId) is { } other)
        {
            throw new ArgumentException(
                $"An atomic write needs events of one persistence id, not of '{PersistenceId}' and '{other.PersistenceId}'.",
                nameof(payload));
        }
    }

    public object Payload => Events;

    public string PersistenceId => this[0].PersistenceId;

    public long LowestSequenceNr => this[0].SequenceNr;

    public long HighestSequenceNr => this[Size - 1].SequenceNr;

    public int Size => _payload is IPersistentRepresentation ? 1 : ((IImmutableList<IPersistentRepresentation>)_payload).Count;

    public IActorRef? Sender => this[0].Sender;

    internal IImmutableList<IPersistentRepresentation> Events
    {
        get
        {
            // Two threads may both make a list here; either is right.
            if (_payload is IPersistentRepresentation single)
                _payload = ImmutableArray.Create(single);
            return (IImmutableList<IPersistentRepresentation>)_payload;
        }
    }

    internal IPersistentRepresentation this[int index] =>
        _payload as IPersistentRepresentation ?? ((IImmutableList<IPersistentRepresentation>)_payload)[index];

    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, {LowestSequenceNr} to {HighestSequenceNr}>";
}
