using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.PostgreSql;

namespace ChatAkka.Storage.Push;

/// <summary>The push outbox in PostgreSQL. All its writes go through the lane of small writes, which keeps their order.</summary>
internal sealed class PostgresPushOutbox(ReadLane reads, StatementLane writes) : IPushOutbox
{
    private const string Add =
        """
        INSERT INTO push_outbox (user_id, channel_id, message_id, at, next_attempt_at)
        SELECT user_id, channel_id, message_id, at, at FROM unnest($1, $2, $3, $4) AS given(user_id, channel_id, message_id, at)
        ON CONFLICT (user_id, channel_id) DO NOTHING
        """;

    private const string Channels = "SELECT channel_id FROM push_outbox WHERE user_id = $1";
    private const string Clear = "DELETE FROM push_outbox WHERE user_id = $1";

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel) => requests.Count == 0
        ? Task.CompletedTask
        : writes.WriteAsync(
            Statements.Of(
                Add,
                Parameter.Of(requests.Select(request => StoredId.Of(request.User)).ToArray()),
                Parameter.Of(requests.Select(request => request.Channel.Value).ToArray()),
                Parameter.Of(requests.Select(request => request.MessageId).ToArray()),
                Parameter.Of(requests.Select(request => request.At).ToArray())),
            cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel)
    {
        HashSet<ChannelId> channels = [];
        await reads.ReadAsync(
            Statements.Of(Channels, Parameter.Of(StoredId.Of(user))),
            reader => channels.Add(new ChannelId(reader.GetString(0))),
            cancel).ConfigureAwait(false);
        return channels;
    }

    /// <inheritdoc/>
    public Task ClearAsync(UserId user, CancellationToken cancel) =>
        writes.WriteAsync(Statements.Of(Clear, Parameter.Of(StoredId.Of(user))), cancel);
}
