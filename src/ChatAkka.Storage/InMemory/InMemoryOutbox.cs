using System.Security.Cryptography;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Push;

namespace ChatAkka.Storage.InMemory;

/// <summary>Pushes and dead letters.</summary>
internal sealed class OutboxData
{
    private long _lastId;

    /// <summary>The first part of all delivery ids; the second is the push's id.</summary>
    public string Origin { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>By id.</summary>
    public Dictionary<long, OutboxRow> Rows { get; } = [];

    public TwoKeyDictionary<UserId, ChannelId, long> IdsOfUsers { get; } = [];

    /// <summary>The oldest first.</summary>
    public Queue<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Also what <see cref="PendingPush.Id"/> promises: no id ever comes back.</summary>
    public long NextId() => ++_lastId;

    /// <summary>Ends the claims of a node.</summary>
    public void Unclaim(string holder)
    {
        foreach (var row in Rows.Values.Where(row => row.ClaimedBy == holder).ToArray())
        {
            Rows[row.Push.Id] = row with { ClaimedBy = null, ClaimedUntil = 0 };
        }
    }
}

/// <summary>A push.</summary>
/// <param name="DueAt">Null: it is done.</param>
/// <param name="ClaimedBy">The node that sends it; nobody if null.</param>
internal sealed record OutboxRow(PendingPush Push, long? DueAt, string? ClaimedBy = null, long ClaimedUntil = 0);

/// <summary>The push outbox of a store in memory.</summary>
internal sealed class InMemoryOutbox(InMemoryStore store, OutboxData data) : IPushOutbox
{
    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel) => store.UseAsync(
        data,
        outbox =>
        {
            foreach (var request in requests)
            {
                Add(outbox, request);
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel) =>
        store.UseAsync<OutboxData, IReadOnlySet<ChannelId>>(
            data, outbox => outbox.IdsOfUsers.TryGetValue(user, out var ids) ? ids.Keys.ToHashSet() : [], cancel);

    /// <inheritdoc/>
    public Task ClearAsync(UserId user, CancellationToken cancel) => store.UseAsync(
        data,
        outbox =>
        {
            if (outbox.IdsOfUsers.Remove(user, out var ids))
            {
                foreach (var id in ids.Values)
                {
                    outbox.Rows.Remove(id);
                }
            }
        },
        cancel);

    private static void Add(OutboxData outbox, PushRequest request)
    {
        var ids = outbox.IdsOfUsers.GetOrAdd(request.User);
        if (!ids.ContainsKey(request.Channel))
        {
            var id = outbox.NextId();
            var delivery = DeliveryName.Of(outbox.Origin, id);
            ids.Add(request.Channel, id);
            var push = new PendingPush(id, delivery, request.User, request.Channel, request.MessageId, request.At, 0);
            outbox.Rows.Add(id, new OutboxRow(push, request.At));
        }
    }
}
