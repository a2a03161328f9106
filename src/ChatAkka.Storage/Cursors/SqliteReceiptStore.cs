using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Cursors;

/// <summary>Receipts in the embedded store. On prepared statements: they are written at the rate of messages.</summary>
internal sealed class SqliteReceiptStore(SqliteStore store) : IReceiptStore
{
    private const string SelectOfUser = "SELECT channel_id, delivered, read, read_n FROM receipt WHERE user_id = ?1";

    private const string SelectOne = "SELECT channel_id, delivered, read, read_n FROM receipt WHERE user_id = ?1 AND channel_id = ?2";

    private const string Advance =
        """
        INSERT INTO receipt (user_id, channel_id, delivered, read, read_n) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (user_id, channel_id) DO UPDATE SET
          delivered = max(delivered, excluded.delivered),
          read = max(read, excluded.read),
          read_n = iif(excluded.read > read, excluded.read_n, read_n)
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel) =>
        store.ReadAsync<IReadOnlyList<Receipt>>(
            session =>
            {
                List<Receipt> receipts = [];
                var select = session.Prepare(SelectOfUser);
                Read(select, user, receipts);
                return receipts;
            },
            cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        var asked = users.ToArray();
        return store.ReadAsync<IReadOnlyList<Receipt>>(
            session =>
            {
                List<Receipt> receipts = [];
                var select = session.Prepare(SelectOne);
                foreach (var user in asked)
                {
                    select.Bind(2, channel.Value);
                    Read(select, user, receipts);
                }

                return receipts;
            },
            cancel);
    }

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel) => store.WriteAllAsync(receipts, Save, cancel);

    private static void Read(SqliteStatement select, UserId user, List<Receipt> receipts)
    {
        try
        {
            select.Bind(1, StoredId.Of(user));
            while (select.Step())
            {
                receipts.Add(new Receipt(user, new ChannelId(select.Text(0)), select.Int64(1), select.Int64(2), select.Int64(3)));
            }
        }
        finally
        {
            select.Reset();
        }
    }

    private static bool Save(SqliteSession session, Receipt[] receipts)
    {
        var upsert = session.Prepare(Advance);
        foreach (var receipt in receipts)
        {
            upsert.Bind(1, StoredId.Of(receipt.User));
            upsert.Bind(2, receipt.Channel.Value);
            upsert.Bind(3, receipt.Delivered);
            upsert.Bind(4, receipt.Read);
            upsert.Bind(5, receipt.ReadN);
            upsert.Execute();
        }

        return true;
    }
}
