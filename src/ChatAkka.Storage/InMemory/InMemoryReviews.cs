using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;

namespace ChatAkka.Storage.InMemory;

/// <summary>When each user is to be looked after.</summary>
internal sealed class ReviewData : Dictionary<UserId, long>;

/// <summary>The users to be looked after of a store in memory.</summary>
internal sealed class InMemoryReviews(InMemoryStore store, ReviewData data) : IAbsenceReviews
{
    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<UserId> users, long dueAt, CancellationToken cancel) =>
        store.UseAsync(data, reviews => Set(reviews, users, dueAt), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UserId>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel) =>
        store.UseAsync<ReviewData, IReadOnlyList<UserId>>(
            data,
            reviews =>
            {
                UserId[] due =
                    [.. reviews.Where(review => review.Value <= now).OrderBy(review => review.Value).Take(limit).Select(review => review.Key)];
                Set(reviews, due, until);
                return due;
            },
            cancel);

    /// <inheritdoc/>
    public Task DoneAsync(IReadOnlyCollection<UserId> users, long until, CancellationToken cancel) => store.UseAsync(
        data,
        reviews =>
        {
            foreach (var user in users.Where(user => reviews.GetValueOrDefault(user) == until))
            {
                reviews.Remove(user);
            }
        },
        cancel);

    private static void Set(ReviewData reviews, IEnumerable<UserId> users, long dueAt)
    {
        foreach (var user in users)
        {
            reviews[user] = dueAt;
        }
    }
}
