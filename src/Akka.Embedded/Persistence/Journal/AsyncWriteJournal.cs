using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// The base of journals: an actor to which persistent actors send their writes, and which answers when the plugin's task ends.
/// </summary>
/// <remarks>
/// <para>The journal begins writes in the order in which they arrive and does not wait for one to end before it begins the next:
/// writes of different persistent actors are under way at the same time, so that a plugin can commit them as a group. A
/// persistent actor has at most one write under way, and reads for it wait until that one has ended.</para>
/// <para>The protected methods are called on the actor's thread, one at a time; the tasks may end on any thread.</para>
/// </remarks>
public abstract class AsyncWriteJournal : WriteJournalBase
{
    private readonly InFlightWrites _inFlight = new();

    /// <summary>
    /// Writes a batch. Each <see cref="AtomicWrite"/> is stored whole or not at all. A failed task means that it is unknown what
    /// was stored, and stops the persistent actor. To reject single writes, known not to be stored, the result holds one element
    /// per write: null where it was stored, the reason where it was rejected. A null result means that all were stored.
    /// </summary>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes the events up to a sequence number (inclusive), without lowering the highest sequence number.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>
    /// The highest sequence number ever written, even where the event has since been deleted; 0 if there is none. The search may
    /// begin at <paramref name="fromSequenceNr"/>.
    /// </summary>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>
    /// Calls <paramref name="recoveryCallback"/>, on any thread but one call at a time, with the events from
    /// <paramref name="fromSequenceNr"/> to <paramref name="toSequenceNr"/> (both inclusive) in order, <paramref name="max"/> at
    /// most. The task ends after the last call.
    /// </summary>
    public abstract Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback);

    protected override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    /// <summary>Handles messages of the plugin's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <summary>Handles the requests of persistent actors; for plugins that switch their behaviour, for instance to initialise.</summary>
    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteBatch batch:
                _ = WriteAsync(batch);
                return true;
            case RecoverySession session:
                _ = ReplayAsync(Context, session);
                return true;
            case DeleteMessagesTo delete:
                _ = DeleteAsync(delete, Sender, Self);
                return true;
            default:
                return false;
        }
    }

    private async Task WriteAsync(WriteBatch batch)
    {
        // Null while the write has ended already: nothing can come in between then.
        string? inFlight = null;
        IImmutableList<Exception?>? rejections = null;
        Exception? failure = null;
        try
        {
            var write = WriteMessagesAsync(batch.Writes);
            if (!write.IsCompleted)
                _inFlight.Begin(inFlight = batch.PersistenceId);
            rejections = await write.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (inFlight is not null)
            _inFlight.End(inFlight);
        batch.End(rejections, failure);
    }

    private async Task ReplayAsync(IActorContext context, RecoverySession session)
    {
        try
        {
            var persistenceId = session.PersistenceId;
            await _inFlight.Ended(persistenceId).ConfigureAwait(false);
            var highest = await ReadHighestSequenceNrAsync(persistenceId, Math.Max(0L, session.FromSequenceNr - 1))
                .ConfigureAwait(false);
            var to = Math.Min(session.ToSequenceNr, highest);
            if (session.ReplayMax > 0 && session.FromSequenceNr <= to)
            {
                await ReplayMessagesAsync(
                    context, persistenceId, session.FromSequenceNr, to, session.ReplayMax, session.Replayed).ConfigureAwait(false);
            }

            session.ReplayEnded(highest);
        }
        catch (Exception e)
        {
            session.Failed(e);
        }
    }

    private async Task DeleteAsync(DeleteMessagesTo delete, IActorRef persistentActor, IActorRef self)
    {
        try
        {
            await _inFlight.Ended(delete.PersistenceId).ConfigureAwait(false);
            await DeleteMessagesToAsync(delete.PersistenceId, delete.ToSequenceNr).ConfigureAwait(false);
            persistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), self);
        }
        catch (Exception e)
        {
            persistentActor.Tell(new DeleteMessagesFailure(e, delete.ToSequenceNr), self);
        }
    }
}

/// <summary>What all journals share.</summary>
public abstract class WriteJournalBase : ActorBase
{
}
