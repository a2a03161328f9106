using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>Receipts in memory.</summary>
internal sealed class FakeReceipts : IReceiptStore
{
    public List<Receipt> All { get; } = [];

    public Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Receipt>>([.. All.Where(receipt => receipt.User == user)]);

    public Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Receipt>>([.. All.Where(receipt => receipt.Channel == channel && users.Contains(receipt.User))]);

    public Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel) => throw new InvalidOperationException("the gateway moves no receipt");
}
