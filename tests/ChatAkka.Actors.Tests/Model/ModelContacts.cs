using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>Who is whose friend and who has blocked whom, now and before; and, for whom one may watch, who is a member with whom.</summary>
internal sealed class ModelContacts(FickleStore store, TimeProvider time) : IContactStore
{
    private readonly Past<(UserId, UserId), bool> _friends = new(time, false);
    private readonly Past<(UserId Blocker, UserId Blocked), bool> _blocks = new(time, false);
    private readonly Past<(UserId, UserId), bool> _fellows = new(time, false);
    private readonly Dictionary<ChannelId, IReadOnlyCollection<UserId>> _members = [];

    public void Befriend(UserId a, UserId b)
    {
        if (!_blocks[(a, b)] && !_blocks[(b, a)])
        {
            SetFriends(a, b, true);
        }
    }

    public void Unfriend(UserId a, UserId b) => SetFriends(a, b, false);

    public void Block(UserId blocker, UserId blocked)
    {
        _blocks[(blocker, blocked)] = true;
        Unfriend(blocker, blocked);
    }

    public void Unblock(UserId blocker, UserId blocked) => _blocks[(blocker, blocked)] = false;

    /// <summary>These are the channel's members from now on.</summary>
    public void SetMembers(ChannelId channel, IReadOnlyCollection<UserId> members, IReadOnlyList<UserId> users)
    {
        _members[channel] = members;
        foreach (var a in users)
        {
            foreach (var b in users.Where(b => b != a))
            {
                var isFellow = _members.Values.Any(of => of.Contains(a) && of.Contains(b));
                if (_fellows[(a, b)] != isFellow)
                {
                    _fellows[(a, b)] = isFellow;
                }
            }
        }
    }

    /// <summary>The user may watch the other one now.</summary>
    public bool MayWatch(UserId user, UserId other) =>
        user == other || ((_friends[(user, other)] || _fellows[(user, other)]) && !_blocks[(other, user)]);

    /// <summary>There was a time since then when an answer could allow it.</summary>
    public bool MightWatch(UserId user, UserId other, long since) =>
        user == other
        || ((_friends.Since((user, other), since).Contains(true) || _fellows.Since((user, other), since).Contains(true))
            && _blocks.Since((other, user), since).Contains(false));

    /// <summary>There was no time since then when an answer could leave the friend out.</summary>
    public bool MustWatch(UserId user, UserId other, long since) =>
        _friends.Since((user, other), since).All(isFriend => isFriend) && !_blocks.Since((other, user), since).Contains(true);

    public Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel) =>
        store.AnswerAsync(() => Task.FromResult(new BlockState(_blocks[(smaller, larger)], _blocks[(larger, smaller)])));

    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel) =>
        Among(others, other => _friends[(user, other)]);

    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel) =>
        Among(others, other => _blocks[(other, user)]);

    public Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel) =>
        throw Unexpected();

    public Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    public Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("an actor asked something that actors don't ask");

    private void SetFriends(UserId a, UserId b, bool areFriends)
    {
        _friends[(a, b)] = areFriends;
        _friends[(b, a)] = areFriends;
    }

    private Task<IReadOnlySet<UserId>> Among(IReadOnlyCollection<UserId> others, Func<UserId, bool> which) =>
        store.AnswerAsync(() => Task.FromResult<IReadOnlySet<UserId>>(others.Where(which).ToHashSet()));
}
