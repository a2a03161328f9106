using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>Who has blocked whom, by direct channel.</summary>
internal sealed class PairContacts : IContactStore
{
    private readonly Dictionary<ChannelId, BlockState> _blocks = [];

    public void Set(ChannelId channel, UserId blocker, bool blocks)
    {
        var state = _blocks.GetValueOrDefault(channel);
        _blocks[channel] = blocker == channel.Users.Smaller ? state with { BySmaller = blocks } : state with { ByLarger = blocks };
    }

    public Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel) =>
        Task.FromResult(_blocks.GetValueOrDefault(ChannelId.Direct(smaller, larger)));

    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel) => throw Unexpected();

    public Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("the model watches nobody");
}
