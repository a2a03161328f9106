namespace ChatAkka.Storage.Nodes;

/// <summary>
/// What a node has written of itself into a store that it shares with others: who is online there, and which pushes it is sending. When it
/// is dead, somebody has to take that back.
/// </summary>
public interface INodeRecords
{
    /// <summary>The numbers under which somebody may be recorded as online.</summary>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlySet<int>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Takes back what dead nodes had recorded, and what there is from before nodes were told apart. Who was online there was last active
    /// when the node was last alive; who is now online nowhere is offline and, if a time is given, is to be looked after then (see
    /// <see cref="Domain.Push.IAbsenceReviews"/>). Pushes that the nodes had claimed may be claimed by others.
    /// Any number of nodes may call it, again and at once: each user is taken once. In pieces, so that an interrupted call has done a part
    /// and the next one does the rest.
    /// </summary>
    /// <param name="dead">Their leases as they were when the nodes were found to be dead. One that was renewed or given away since is left
    /// alone: its node isn't dead, or its number is another's by now, who recovers what it finds under it at its own start.</param>
    /// <param name="reviewAt">In ms since the Unix epoch; null if nobody is to be looked after.</param>
    /// <returns>How many users this call has found to be online nowhere.</returns>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<int> RecoverAsync(IReadOnlyCollection<NodeLease> dead, long? reviewAt, CancellationToken cancel);
}

/// <summary>What all stores agree on.</summary>
internal static class NodeRecords
{
    /// <summary>Stands for what was written before nodes were told apart.</summary>
    public const int Nobody = -1;

    /// <summary>Users that one transaction takes, so that none keeps others waiting for long.</summary>
    public const int UsersAtOnce = 1_000;

    /// <summary>What there is from before nodes were told apart, as if a node of that number had died.</summary>
    public static readonly NodeLease Before = new(Nobody, "", 0);
}
