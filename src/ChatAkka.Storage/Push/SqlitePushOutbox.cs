using System.Collections.Frozen;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Push;

/// <summary>The push outbox in the embedded store. On prepared statements: rows come at the rate of messages to users who are away, and
/// every return of a user clears some.</summary>
internal sealed class SqlitePushOutbox(SqliteStore store) : IPushOutbox
{
    private const string Channels = "SELECT channel_id FROM push_outbox WHERE user_id = ?1";
    private const string Clear = "DELETE FROM push_outbox WHERE user_id = ?1";

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel) =>
        store.WriteAllAsync(requests, OutboxRows.Add, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel)
    {
        var id = StoredId.Of(user);
        return store.ReadAsync(session => ReadChannels(session, id), cancel);
    }

    /// <inheritdoc/>
    public Task ClearAsync(UserId user, CancellationToken cancel)
    {
        // Never asked first whether there are any: a row whose write still waits would be missed. To delete nothing costs no sync.
        var id = StoredId.Of(user);
        return store.WriteAsync(session => OutboxRows.Execute(session.Prepare(Clear), id), cancel);
    }

    private static IReadOnlySet<ChannelId> ReadChannels(SqliteSession session, long user)
    {
        var select = session.Prepare(Channels);
        try
        {
            select.Bind(1, user);
            HashSet<ChannelId>? channels = null;
            while (select.Step())
            {
                (channels ??= []).Add(new ChannelId(select.Text(0)));
            }

            return channels ?? (IReadOnlySet<ChannelId>)FrozenSet<ChannelId>.Empty;
        }
        finally
        {
            select.Reset();
        }
    }
}
