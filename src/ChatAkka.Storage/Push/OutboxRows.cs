using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Push;

/// <summary>The writes of the push outbox that take more than one statement; on the writer thread, within its transaction.</summary>
internal static class OutboxRows
{
    private const string Exists = "SELECT 1 FROM push_outbox WHERE user_id = ?1 AND channel_id = ?2";

    private const string Insert =
        "INSERT INTO push_outbox (user_id, channel_id, message_id, at, next_attempt_at) VALUES (?1, ?2, ?3, ?4, ?4)";

    private const string InsertDeadLetter =
        """
        INSERT INTO push_dead_letter (push_id, user_id, channel_id, message_id, at, attempts, reason, dead_at)
        SELECT id, user_id, channel_id, message_id, at, attempts + 1, ?3, ?4 FROM push_outbox WHERE id = ?1 AND claimed_by = ?2
        """;

    private const string Settle =
        """
        UPDATE push_outbox SET attempts = attempts + 1, next_attempt_at = NULL, reason = ?3, claimed_by = NULL, claimed_until = NULL
        WHERE id = ?1 AND claimed_by = ?2
        """;

    // The ids are dense: only the oldest ever go.
    private const string DropOldest = "DELETE FROM push_dead_letter WHERE id <= (SELECT max(id) FROM push_dead_letter) - ?1";

    public static bool Add(SqliteSession session, PushRequest[] requests)
    {
        var exists = session.Prepare(Exists);
        var insert = session.Prepare(Insert);
        foreach (var request in requests)
        {
            // Not ON CONFLICT: that uses an id up, so that asking again for what is there, which is what mostly happens, would cost a sync.
            var user = StoredId.Of(request.User);
            if (!Any(exists, user, request.Channel.Value))
            {
                insert.Bind(1, user);
                insert.Bind(2, request.Channel.Value);
                insert.Bind(3, request.MessageId);
                insert.Bind(4, request.At);
                insert.Execute();
            }
        }

        return true;
    }

    public static bool Bury(SqliteSession session, long id, string claimedBy, string reason, long at)
    {
        var bury = session.Prepare(InsertDeadLetter);
        bury.Bind(2, claimedBy);
        bury.Bind(3, reason);
        bury.Bind(4, at);
        Execute(bury, id);
        var settle = session.Prepare(Settle);
        settle.Bind(2, claimedBy);
        settle.Bind(3, reason);
        Execute(settle, id);
        return Execute(session.Prepare(DropOldest), DeadLetter.Kept);
    }

    /// <summary>Executes a statement whose first parameter is a number and whose others are bound.</summary>
    public static bool Execute(SqliteStatement statement, long first)
    {
        statement.Bind(1, first);
        statement.Execute();
        return true;
    }

    private static bool Any(SqliteStatement exists, long user, string channel)
    {
        exists.Bind(1, user);
        exists.Bind(2, channel);
        return exists.Any();
    }
}
