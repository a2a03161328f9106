using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Storage.InMemory;

/// <summary>The receipts of each user.</summary>
internal sealed class ReceiptData : TwoKeyDictionary<UserId, ChannelId, Receipt>;

/// <summary>Receipts of a store in memory.</summary>
internal sealed class InMemoryReceipts(InMemoryStore store, ReceiptData data) : IReceiptStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel) =>
        store.UseAsync<ReceiptData, IReadOnlyList<Receipt>>(
            data, receipts => receipts.TryGetValue(user, out var ofUser) ? [.. ofUser.Values] : [], cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        store.UseAsync<ReceiptData, IReadOnlyList<Receipt>>(
            data,
            receipts =>
            [
                .. users.Where(user => receipts.TryGetValue(user, out var ofUser) && ofUser.ContainsKey(channel))
                    .Select(user => receipts[user][channel]),
            ],
            cancel);

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel) => store.UseAsync(
        data,
        stored =>
        {
            foreach (var receipt in receipts)
            {
                var ofUser = stored.GetOrAdd(receipt.User);
                ofUser[receipt.Channel] = ofUser.TryGetValue(receipt.Channel, out var before) ? Merge(before, receipt) : receipt;
            }
        },
        cancel);

    private static Receipt Merge(Receipt before, Receipt receipt) => (receipt.Read > before.Read ? receipt : before) with
    {
        Delivered = Math.Max(before.Delivered, receipt.Delivered),
    };
}
