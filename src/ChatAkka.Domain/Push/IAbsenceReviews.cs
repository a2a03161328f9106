using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>
/// Users who were online when their node ended. If no device has brought them back in time, what didn't reach one is to be pushed, and
/// until somebody has seen to that they are kept here, so that no second crash makes it forgotten. Nodes share them by claims that end with
/// their time. Times are in ms since the Unix epoch.
/// Every member throws <see cref="Timelines.StorageUnavailableException"/> when the store can't answer; nothing was stored then.
/// </summary>
public interface IAbsenceReviews
{
    /// <summary>These users are to be looked after at <paramref name="dueAt"/>, also if somebody is at it now.</summary>
    Task AddAsync(IReadOnlyCollection<UserId> users, long dueAt, CancellationToken cancel);

    /// <summary>Claims users who are due at <paramref name="now"/>, at most <paramref name="limit"/>, the longest due first. At
    /// <paramref name="until"/> they are due again.</summary>
    Task<IReadOnlyList<UserId>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel);

    /// <summary>They have been seen to. Those who were added or claimed since stay.</summary>
    /// <param name="until">When the claims were to end.</param>
    Task DoneAsync(IReadOnlyCollection<UserId> users, long until, CancellationToken cancel);
}
