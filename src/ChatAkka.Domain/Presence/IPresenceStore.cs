using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Presence;

/// <summary>That a user came or went.</summary>
/// <param name="LastActiveAt">In ms since the Unix epoch.</param>
public readonly record struct PresenceRecord(UserId User, bool IsOnline, long LastActiveAt);

/// <summary>
/// When users were last active, as one node writes it and all read it. Only coming and going is written, not each sign of life; so that a
/// crash doesn't lose for how long those were there who were online, the node also writes now and then that it is alive, and whoever
/// recovers what it left takes that for their last activity.
/// </summary>
/// <remarks>A user may be online at several nodes: one that they leave doesn't know of the others, and says only that they left it.</remarks>
public interface IPresenceStore
{
    /// <summary>Stores what happened at this node. A last activity never goes back.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer; nothing was stored.</exception>
    Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel);

    /// <summary>The node is alive.</summary>
    /// <param name="now">In ms since the Unix epoch.</param>
    /// <returns>False if nobody may be recorded as online here: at the first call, and after another node took this one for dead. Whoever
    /// is online is to be saved once more.</returns>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<bool> MarkAliveAsync(long now, CancellationToken cancel);

    /// <summary>When each of the users was last active, in ms since the Unix epoch; those who never were are left out.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel);
}
