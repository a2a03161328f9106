using ChatAkka.Domain.Contacts;
using ChatAkka.Storage.Sqlite;
using Dapper;

namespace ChatAkka.Storage.Contacts;

/// <summary>How two users stand to each other, in the tables <c>friendship</c> and <c>block</c>.</summary>
internal static class RelationTable
{
    private const string SelectBlocks =
        """
        SELECT (SELECT since FROM block WHERE blocker_id = ?1 AND blocked_id = ?2),
               (SELECT since FROM block WHERE blocker_id = ?2 AND blocked_id = ?1)
        """;

    /// <summary>The relation from the first user's side.</summary>
    public static Relation Find(SqliteSession session, long user, long other)
    {
        var friendship = session.Connection.QueryFirstOrDefault<FriendshipRow>(
            """
            SELECT asked_by AS AskedBy, since AS Since
            FROM friendship WHERE smaller_id = min(@user, @other) AND larger_id = max(@user, @other)
            """,
            new { user, other });
        var (byUser, byOther) = FindBlocks(session, user, other);
        return FriendshipRow.RelationOf(friendship, byUser, byOther is not null, other);
    }

    /// <summary>Since when the first has blocked the second, and the other way round; null for not.</summary>
    public static (long? ByFirst, long? BySecond) FindBlocks(SqliteSession session, long first, long second)
    {
        var select = session.Prepare(SelectBlocks);
        try
        {
            select.Bind(1, first);
            select.Bind(2, second);
            select.Step();
            return (select.NullableInt64(0), select.NullableInt64(1));
        }
        finally
        {
            select.Reset();
        }
    }

    /// <summary>What else a request depends on.</summary>
    public static ContactFacts FindFacts(SqliteSession session, long user, long other) => session.Connection.QueryFirst<ContactFactsRow>(
        """
        SELECT EXISTS (SELECT 1 FROM account WHERE id = @other) AS OtherExists,
               (SELECT count(*) FROM friendship WHERE smaller_id = @user)
               + (SELECT count(*) FROM friendship WHERE larger_id = @user) AS Friends,
               (SELECT count(*) FROM friendship WHERE smaller_id = @other)
               + (SELECT count(*) FROM friendship WHERE larger_id = @other) AS OthersFriends,
               (SELECT count(*) FROM block WHERE blocker_id = @user) AS Blocks
        """,
        new { user, other }).ToFacts();

    /// <summary>Stores the relation. What the other one has blocked is the other one's.</summary>
    public static void Store(SqliteSession session, long user, long other, Relation relation)
    {
        var row = new
        {
            user,
            other,
            relation.Since,
            relation.BlockedSince,
            AskedBy = FriendshipRow.AskedByOf(relation.State, user, other),
        };
        session.Connection.Execute(
            relation.State == FriendState.None
                ? "DELETE FROM friendship WHERE smaller_id = min(@user, @other) AND larger_id = max(@user, @other)"
                : """
                INSERT INTO friendship (smaller_id, larger_id, asked_by, since)
                VALUES (min(@user, @other), max(@user, @other), @AskedBy, @Since)
                ON CONFLICT (smaller_id, larger_id) DO UPDATE SET asked_by = excluded.asked_by, since = excluded.since
                """,
            row);
        session.Connection.Execute(
            relation.BlockedSince is null
                ? "DELETE FROM block WHERE blocker_id = @user AND blocked_id = @other"
                : """
                INSERT INTO block (blocker_id, blocked_id, since) VALUES (@user, @other, @BlockedSince)
                ON CONFLICT (blocker_id, blocked_id) DO UPDATE SET since = excluded.since
                """,
            row);
    }

    private sealed record ContactFactsRow(long OtherExists, long Friends, long OthersFriends, long Blocks)
    {
        public ContactFacts ToFacts() => new(OtherExists != 0, (int)Friends, (int)OthersFriends, (int)Blocks);
    }
}
