using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>Looks at what can otherwise only be taken.</summary>
internal static class Peeks
{
    /// <summary>The node that looks.</summary>
    public static NodeLease Node { get; } = new(7, "a node of the test", long.MaxValue);

    /// <summary>All timelines that aren't settled. They count as never taken up.</summary>
    public static Task<IReadOnlyList<string>> PeekAsync(this IUndeliveredTable table) =>
        table.TakeUpAsync(long.MaxValue, 0, int.MaxValue, CancellationToken.None);

    /// <summary>The pushes that may be claimed at a time: claims them until then and no longer.</summary>
    public static Task<IReadOnlyList<PendingPush>> PeekAsync(
        this IPushQueue pushes, long now, int limit = 100, CancellationToken cancel = default) =>
        pushes.ClaimDueAsync(now, now, limit, cancel);

    /// <summary>The users who are due to be looked after.</summary>
    public static Task<IReadOnlyList<UserId>> PeekAsync(this IAbsenceReviews reviews, long now) =>
        reviews.ClaimDueAsync(now, now, int.MaxValue, CancellationToken.None);
}
