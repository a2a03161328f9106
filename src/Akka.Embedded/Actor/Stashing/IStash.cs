namespace Akka.Actor;

/// <summary>An actor with a stash.</summary>
public interface IActorStash
{
    /// <summary>Set by the runtime after the constructor.</summary>
    IStash Stash { get; set; }
}

/// <inheritdoc/>
public interface IWithUnrestrictedStash : IActorStash;

/// <inheritdoc/>
public interface IWithStash : IWithUnrestrictedStash;

/// <inheritdoc/>
public interface IWithUnboundedStash : IWithUnrestrictedStash;

/// <summary>
/// Sets messages aside for later. Unstashed messages go before those that wait in the mailbox, in the order in which they
/// came.
/// </summary>
public interface IStash
{
    int Count { get; }

    bool IsEmpty { get; }

    bool NonEmpty { get; }

    bool IsFull { get; }

    /// <summary>-1: without a limit.</summary>
    int Capacity { get; }

    /// <summary>Stashes the message that is being handled.</summary>
    /// <exception cref="IllegalActorStateException">It is stashed already.</exception>
    void Stash();

    /// <summary>Returns the oldest stashed message to the mailbox.</summary>
    void Unstash();

    void UnstashAll();

    /// <summary>Returns those that match to the mailbox and drops the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash and returns what was in it.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts envelopes before those that are stashed.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}
