using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Cursors;

/// <summary>Receipts in PostgreSQL. Saved through the lane of small writes: they come at the rate of messages.</summary>
internal sealed class PostgresReceiptStore(ReadLane reads, StatementLane writes) : IReceiptStore
{
    private const string SelectOfUser = "SELECT user_id, channel_id, delivered, read, read_n FROM receipt WHERE user_id = $1";

    private const string SelectOfChannel =
        "SELECT user_id, channel_id, delivered, read, read_n FROM receipt WHERE user_id = ANY ($2) AND channel_id = $1";

    // Of several for one user and channel, which a statement can't take one after the other, the maximum of each cursor is taken first.
    private const string Advance =
        """
        INSERT INTO receipt (user_id, channel_id, delivered, read, read_n)
        SELECT user_id, channel_id, max(delivered), max(read), (array_agg(read_n ORDER BY read DESC))[1]
        FROM unnest($1, $2, $3, $4, $5) AS given(user_id, channel_id, delivered, read, read_n) GROUP BY 1, 2
        ON CONFLICT (user_id, channel_id) DO UPDATE SET
          delivered = greatest(receipt.delivered, excluded.delivered),
          read = greatest(receipt.read, excluded.read),
          read_n = CASE WHEN excluded.read > receipt.read THEN excluded.read_n ELSE receipt.read_n END
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel) =>
        ReadAsync(Statements.Of(SelectOfUser, Parameter.Of(StoredId.Of(user))), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        ReadAsync(
            Statements.Of(SelectOfChannel, Parameter.Of(channel.Value), Parameter.Of(users.Select(StoredId.Of).ToArray())), cancel);

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel) => receipts.Count == 0
        ? Task.CompletedTask
        : writes.WriteAsync(
            Statements.Of(
                Advance,
                Parameter.Of(receipts.Select(receipt => StoredId.Of(receipt.User)).ToArray()),
                Parameter.Of(receipts.Select(receipt => receipt.Channel.Value).ToArray()),
                Parameter.Of(receipts.Select(receipt => receipt.Delivered).ToArray()),
                Parameter.Of(receipts.Select(receipt => receipt.Read).ToArray()),
                Parameter.Of(receipts.Select(receipt => receipt.ReadN).ToArray())),
            cancel);

    private async Task<IReadOnlyList<Receipt>> ReadAsync(NpgsqlBatchCommand query, CancellationToken cancel) =>
        await reads.ReadAsync(query, Receipt, cancel).ConfigureAwait(false);

    private static Receipt Receipt(NpgsqlDataReader reader) => new(
        StoredId.User(reader.GetInt64(0)), new ChannelId(reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
}
