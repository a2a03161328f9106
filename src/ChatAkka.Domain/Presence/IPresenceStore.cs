using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Presence;

/// <summary>That a user came or went.</summary>
/// <param name="LastActiveAt">In ms since the Unix epoch.</param>
public readonly record struct PresenceRecord(UserId User, bool IsOnline, long LastActiveAt);

/// <summary>
/// When users were last active. Only coming and going is written, not each sign of life; so that a crash doesn't lose for how long those were there who
/// were online, the node also writes now and then that it is alive, and the next start takes that for their last activity.
/// </summary>
public interface IPresenceStore
{
    /// <summary>Stores what happened. A last activity never goes back.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer; nothing was stored.</exception>
    Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel);

    /// <summary>The node is alive.</summary>
    /// <param name="now">In ms since the Unix epoch.</param>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task MarkAliveAsync(long now, CancellationToken cancel);

    /// <summary>Called once, before anybody connects: whoever is stored as online isn't; they were last active when the node was last alive.</summary>
    /// <returns>Those users.</returns>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<UserId>> RecoverAsync(CancellationToken cancel);

    /// <summary>When each of the users was last active, in ms since the Unix epoch; those who never were are left out.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel);
}
