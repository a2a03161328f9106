using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Users;

/// <summary>How far a user has got in a channel, over all their devices. Neither cursor ever moves back.</summary>
/// <param name="Delivered">Highest id that any of the devices has; 0 if none has said so.</param>
/// <param name="Read">Highest id that the user has read; 0 if they haven't said so.</param>
/// <param name="ReadN">Messages up to <paramref name="Read"/>, so that what is unread needs no counting.</param>
public readonly record struct Receipt(UserId User, ChannelId Channel, long Delivered, long Read, long ReadN)
{
    /// <summary>The read cursor of a member, who starts with what was there before them as read.</summary>
    /// <returns>The id, and the messages up to it.</returns>
    public static (long Read, long N) ReadCursor(Member member, long read, long readN) =>
        read >= member.Since ? (read, readN) : (member.Since - 1, member.SinceN);
}

/// <summary>Receipts. Merged by maximum.</summary>
public interface IReceiptStore
{
    /// <summary>All receipts of a user.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel);

    /// <summary>The receipts in one channel of those of the users who have one.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel);

    /// <summary>Stores receipts; each cursor becomes the maximum of what is stored and what is given.</summary>
    /// <exception cref="Timelines.StorageUnavailableException">The store could not answer; nothing was stored.</exception>
    Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel);
}
