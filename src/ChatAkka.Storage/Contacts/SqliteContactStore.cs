using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;
using Dapper;

namespace ChatAkka.Storage.Contacts;

/// <summary>Friends and blocks in the embedded store.</summary>
internal sealed class SqliteContactStore(SqliteStore store) : IContactStore
{
    private const int IdsPerStatement = 500;

    /// <inheritdoc/>
    public async Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel)
    {
        // What is refused or so already, as asked again and again, costs the writer thread nothing.
        var (own, others) = ContactDecision.Between(user, other);
        var decision = await store.ReadAsync(session => Decide(session, own, others, request, at), cancel).ConfigureAwait(false);
        return decision.Change is null
            ? decision.Reply
            : await store.WriteAsync(session => Settle(session, own, others, request, at), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.ReadAsync<IReadOnlyList<Friend>>(
            session =>
            [
                .. session.Connection.Query<FriendRow>(
                    """
                    SELECT a.id AS Id, a.username AS Username, a.display_name AS DisplayName, f.asked_by AS AskedBy, f.since AS Since
                    FROM (SELECT larger_id AS other, asked_by, since FROM friendship WHERE smaller_id = @id
                          UNION ALL SELECT smaller_id, asked_by, since FROM friendship WHERE larger_id = @id) f
                    JOIN account a ON a.id = f.other ORDER BY f.since DESC, a.id DESC
                    """,
                    new { id })
                    .Select(row => row.ToFriend()),
            ],
            cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.ReadAsync<IReadOnlyList<BlockedUser>>(
            session =>
            [
                .. session.Connection.Query<BlockRow>(
                    """
                    SELECT a.id AS Id, a.username AS Username, a.display_name AS DisplayName, b.since AS Since
                    FROM block b JOIN account a ON a.id = b.blocked_id WHERE b.blocker_id = @id ORDER BY b.since DESC, a.id DESC
                    """,
                    new { id })
                    .Select(row => row.ToBlockedUser()),
            ],
            cancel);
    }

    /// <inheritdoc/>
    public Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel = default)
    {
        var (first, second) = (StoredId.Of(smaller), StoredId.Of(larger));
        return store.ReadAsync(
            session =>
            {
                var (bySmaller, byLarger) = RelationTable.FindBlocks(session, first, second);
                return new BlockState(bySmaller is not null, byLarger is not null);
            },
            cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) => AmongAsync(
        """
        SELECT larger_id FROM friendship WHERE smaller_id = @user AND larger_id IN @ids AND asked_by IS NULL
        UNION ALL SELECT smaller_id FROM friendship WHERE larger_id = @user AND smaller_id IN @ids AND asked_by IS NULL
        """,
        user,
        others,
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) =>
        AmongAsync("SELECT blocker_id FROM block WHERE blocked_id = @user AND blocker_id IN @ids", user, others, cancel);

    private async Task<IReadOnlySet<UserId>> AmongAsync(
        string sql, UserId of, IReadOnlyCollection<UserId> others, CancellationToken cancel)
    {
        var user = StoredId.Of(of);
        var found = new HashSet<UserId>();
        foreach (var ids in others.Select(StoredId.Of).Distinct().Chunk(IdsPerStatement))
        {
            found.UnionWith(await store.ReadAsync(
                session => session.Connection.Query<long>(sql, new { user, ids }).Select(StoredId.User), cancel).ConfigureAwait(false));
        }

        return found;
    }

    private static ContactDecision Decide(SqliteSession session, long user, long other, ContactRequest request, long at)
    {
        var before = RelationTable.Find(session, user, other);
        return new ContactDecision(before, ContactRules.Decide(before, request, RelationTable.FindFacts(session, user, other), at));
    }

    // Within a transaction: what is decided on is what the change is made to.
    private static ContactReply Settle(SqliteSession session, long user, long other, ContactRequest request, long at)
    {
        var decision = Decide(session, user, other, request, at);
        if (decision.Change is { } relation)
        {
            RelationTable.Store(session, user, other, relation);
        }

        return decision.Reply;
    }
}
