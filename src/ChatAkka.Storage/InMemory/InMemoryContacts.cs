using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Storage.InMemory;

/// <summary>How each user stands to others, from the user's own side: two who have to do with each other are in it twice.</summary>
internal sealed class ContactData : TwoKeyDictionary<UserId, UserId, Relation>
{
    public IReadOnlyDictionary<UserId, Relation> Of(UserId user) => TryGetValue(user, out var relations) ? relations : [];

    public Relation Find(UserId user, UserId other) => Of(user).GetValueOrDefault(other, Relation.None);

    public int CountFriends(UserId user) => Of(user).Values.Count(relation => relation.State != FriendState.None);

    public int CountBlocks(UserId user) => Of(user).Values.Count(relation => relation.BlockedSince is not null);

    /// <summary>Stores the relation, and what it is from the other's side.</summary>
    public void Store(UserId user, UserId other, Relation relation)
    {
        StoreSide(user, other, relation);
        StoreSide(other, user, Find(other, user) with
        {
            State = relation.State switch
            {
                FriendState.PendingIn => FriendState.PendingOut,
                FriendState.PendingOut => FriendState.PendingIn,
                var state => state,
            },
            Since = relation.Since,
            IsBlocked = relation.BlockedSince is not null,
        });
    }

    private void StoreSide(UserId user, UserId other, Relation relation)
    {
        var relations = GetOrAdd(user);
        if (relation == Relation.None)
        {
            relations.Remove(other);
        }
        else
        {
            relations[other] = relation;
        }
    }
}

/// <summary>Friends and blocks of a store in memory.</summary>
internal sealed class InMemoryContacts(InMemoryStore store, ContactData data, AccountData accounts) : IContactStore
{
    /// <inheritdoc/>
    public Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at, CancellationToken cancel) =>
        store.UseAsync(data, contacts => Request(contacts, user, other, request, at), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Friend>> ListFriendsAsync(UserId user, CancellationToken cancel) =>
        store.UseAsync<ContactData, IReadOnlyList<Friend>>(
            data,
            contacts =>
            [
                .. from entry in contacts.Of(user)
                   let account = FindAccount(entry.Key)
                   where account is not null && entry.Value.State != FriendState.None
                   orderby entry.Value.Since descending, entry.Key descending
                   select new Friend(entry.Key, account.Username, account.DisplayName, entry.Value.State, entry.Value.Since),
            ],
            cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BlockedUser>> ListBlocksAsync(UserId user, CancellationToken cancel) =>
        store.UseAsync<ContactData, IReadOnlyList<BlockedUser>>(
            data,
            contacts =>
            [
                .. from entry in contacts.Of(user)
                   let account = FindAccount(entry.Key)
                   let since = entry.Value.BlockedSince
                   where account is not null && since is not null
                   orderby since descending, entry.Key descending
                   select new BlockedUser(entry.Key, account.Username, account.DisplayName, since.Value),
            ],
            cancel);

    /// <inheritdoc/>
    public Task<BlockState> FindBlocksAsync(UserId smaller, UserId larger, CancellationToken cancel = default) => store.UseAsync(
        data,
        contacts =>
        {
            var relation = contacts.Find(smaller, larger);
            return new BlockState(relation.BlockedSince is not null, relation.IsBlocked);
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlySet<UserId>> FriendsAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) =>
        AmongAsync(user, others, relation => relation.State == FriendState.Friends, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlySet<UserId>> BlockersAmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, CancellationToken cancel = default) =>
        AmongAsync(user, others, relation => relation.IsBlocked, cancel);

    private Task<IReadOnlySet<UserId>> AmongAsync(
        UserId user, IReadOnlyCollection<UserId> others, Predicate<Relation> isOne, CancellationToken cancel) =>
        store.UseAsync<ContactData, IReadOnlySet<UserId>>(
            data, contacts => others.Where(other => isOne(contacts.Find(user, other))).ToHashSet(), cancel);

    private ContactReply Request(ContactData contacts, UserId user, UserId other, ContactRequest request, long at)
    {
        if (user == other)
        {
            throw new ArgumentException("a relation has two different users", nameof(other));
        }

        var facts = new ContactFacts(
            FindAccount(other) is not null, contacts.CountFriends(user), contacts.CountFriends(other), contacts.CountBlocks(user));
        var reply = ContactRules.Decide(contacts.Find(user, other), request, facts, at);
        if (reply is ContactSettled settled)
        {
            contacts.Store(user, other, settled.Relation);
        }

        return reply;
    }

    // The lock of accounts within that of contacts, never the other way round.
    private Account? FindAccount(UserId user)
    {
        lock (accounts)
        {
            return accounts.ById.GetValueOrDefault(user);
        }
    }
}
