using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.PostgreSql;
using Dapper;
using Npgsql;

namespace ChatAkka.Storage.Contacts;

/// <summary>Friends and blocks in PostgreSQL. A change holds both users' accounts while it is decided and made, so that neither
/// the rules nor the limits can be got round by asking at the same time.</summary>
internal sealed class PostgresContactStore(PostgresDatabase database) : IContactStore
{
    private const string SelectFacts =
        """
        SELECT (SELECT asked_by FROM friendship WHERE smaller_id = least(@user, @other) AND larger_id = greatest(@user, @other)) AS AskedBy,
               (SELECT since FROM friendship WHERE smaller_id = least(@user, @other) AND larger_id = greatest(@user, @other)) AS Since,
               (SELECT since FROM block WHERE blocker_id = @user AND blocked_id = @other) AS BlockedSince,
               EXISTS (SELECT FROM block WHERE blocker_id = @other AND blocked_id = @user) AS IsBlocked,
               EXISTS (SELECT FROM account WHERE id = @other) AS OtherExists,
               (SELECT count(*) FROM friendship WHERE smaller_id = @user)
               + (SELECT count(*) FROM friendship WHERE larger_id = @user) AS Friends,
               (SELECT count(*) FROM friendship WHERE smaller_id = @other)
               + (SELECT count(*) FROM friendship WHERE larger_id = @other) AS OthersFriends,
               (SELECT count(*) FROM block WHERE blocker_id = @user) AS Blocks
        """;

    /// <inheritdoc/>
    public async Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel)
    {
        // What is refused or so already, as asked again and again, takes no lock.
        var (own, others) = ContactDecision.Between(user, other);
        var decision = await database.RunAsync(
            (connection, token) => DecideAsync(connection, own, others, request, at, token), cancel).ConfigureAwait(false);
        return decision.Change is null
            ? decision.Reply
            : await database.TransactAsync(
                (connection, token) => SettleAsync(connection, own, others, request, at, token), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel) =>
    [
        .. (await database.QueryAsync<FriendRow>(
            """
            SELECT a.id AS Id, a.username AS Username, a.display_name AS DisplayName, f.asked_by AS AskedBy, f.since AS Since
            FROM (SELECT larger_id AS other, asked_by, since FROM friendship WHERE smaller_id = @id
                  UNION ALL SELECT smaller_id, asked_by, since FROM friendship WHERE larger_id = @id) f
            JOIN account a ON a.id = f.other ORDER BY f.since DESC, a.id DESC
            """,
            new { id = StoredId.Of(user) },
            cancel).ConfigureAwait(false)).Select(row => row.ToFriend()),
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel) =>
    [
        .. (await database.QueryAsync<BlockRow>(
            """
            SELECT a.id AS Id, a.username AS Username, a.display_name AS DisplayName, b.since AS Since
            FROM block b JOIN account a ON a.id = b.blocked_id WHERE b.blocker_id = @id ORDER BY b.since DESC, a.id DESC
            """,
            new { id = StoredId.Of(user) },
            cancel).ConfigureAwait(false)).Select(row => row.ToBlockedUser()),
    ];

    /// <inheritdoc/>
    public async Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel = default)
    {
        var blockers = await database.QueryAsync<long>(
            "SELECT blocker_id FROM block WHERE (blocker_id, blocked_id) IN ((@first, @second), (@second, @first))",
            new { first = StoredId.Of(smaller), second = StoredId.Of(larger) },
            cancel).ConfigureAwait(false);
        return new BlockState(blockers.Contains(StoredId.Of(smaller)), blockers.Contains(StoredId.Of(larger)));
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) => AmongAsync(
        """
        SELECT larger_id FROM friendship WHERE smaller_id = @user AND larger_id = ANY (@ids) AND asked_by IS NULL
        UNION ALL SELECT smaller_id FROM friendship WHERE larger_id = @user AND smaller_id = ANY (@ids) AND asked_by IS NULL
        """,
        user,
        others,
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) =>
        AmongAsync("SELECT blocker_id FROM block WHERE blocked_id = @user AND blocker_id = ANY (@ids)", user, others, cancel);

    private static async Task<ContactDecision> DecideAsync(
        NpgsqlConnection connection, long user, long other, ContactRequest request, long at, CancellationToken cancel)
    {
        var facts = await connection.QuerySingleAsync<FactsRow>(
            new CommandDefinition(SelectFacts, new { user, other }, cancellationToken: cancel)).ConfigureAwait(false);
        var before = facts.RelationTo(other);
        return new ContactDecision(before, ContactRules.Decide(before, request, facts.ToFacts(), at));
    }

    // Within a transaction, and with both accounts held: what is decided on is what the change is made to.
    private static async Task<ContactReply> SettleAsync(
        NpgsqlConnection connection, long user, long other, ContactRequest request, long at, CancellationToken cancel)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT FROM account WHERE id IN (@user, @other) ORDER BY id FOR UPDATE",
            new { user, other },
            cancellationToken: cancel)).ConfigureAwait(false);
        var decision = await DecideAsync(connection, user, other, request, at, cancel).ConfigureAwait(false);
        if (decision.Change is { } relation)
        {
            await StoreAsync(connection, user, other, relation, cancel).ConfigureAwait(false);
        }

        return decision.Reply;
    }

    // What the other one has blocked is the other one's.
    private static Task StoreAsync(NpgsqlConnection connection, long user, long other, Relation relation, CancellationToken cancel)
    {
        var friendship = relation.State == FriendState.None
            ? "DELETE FROM friendship WHERE smaller_id = least(@user, @other) AND larger_id = greatest(@user, @other);"
            : """
            INSERT INTO friendship (smaller_id, larger_id, asked_by, since)
            VALUES (least(@user, @other), greatest(@user, @other), @askedBy, @Since)
            ON CONFLICT (smaller_id, larger_id) DO UPDATE SET asked_by = excluded.asked_by, since = excluded.since;
            """;
        var block = relation.BlockedSince is null
            ? "DELETE FROM block WHERE blocker_id = @user AND blocked_id = @other"
            : """
            INSERT INTO block (blocker_id, blocked_id, since) VALUES (@user, @other, @BlockedSince)
            ON CONFLICT (blocker_id, blocked_id) DO UPDATE SET since = excluded.since
            """;
        return connection.ExecuteAsync(new CommandDefinition(
            friendship + block,
            new { user, other, askedBy = FriendshipRow.AskedByOf(relation.State, user, other), relation.Since, relation.BlockedSince },
            cancellationToken: cancel));
    }

    private async Task<IReadOnlySet<UserId>> AmongAsync(
        string sql, UserId of, IReadOnlyCollection<UserId> others, CancellationToken cancel) =>
        (await database.QueryAsync<long>(
            sql, new { user = StoredId.Of(of), ids = others.Select(StoredId.Of).ToArray() }, cancel).ConfigureAwait(false))
            .Select(StoredId.User).ToHashSet();

    private sealed record FactsRow(
        long? AskedBy, long? Since, long? BlockedSince, bool IsBlocked, bool OtherExists, long Friends, long OthersFriends, long Blocks)
    {
        public Relation RelationTo(long other) => FriendshipRow.RelationOf(
            Since is { } since ? new FriendshipRow(AskedBy, since) : null, BlockedSince, IsBlocked, other);

        public ContactFacts ToFacts() => new(OtherExists, (int)Friends, (int)OthersFriends, (int)Blocks);
    }
}
