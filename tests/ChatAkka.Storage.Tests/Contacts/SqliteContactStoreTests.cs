using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Contacts;

/// <summary>What SQLite's contact store does beyond its contract.</summary>
public sealed class SqliteContactStoreTests : IAsyncLifetime
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Minji = new("1001"), Jisoo = new("1002"), Hana = new("1003");

    private readonly TestStore _test = new();

    public async Task InitializeAsync()
    {
        foreach (var user in new[] { Minji, Jisoo, Hana })
        {
            await _test.Store.Accounts.CreateAsync(new Account(user, $"name{user}", $"Name {user}", Now), "hash", CancellationToken.None);
        }
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Request_of_what_is_so_already_commits_nothing()
    {
        await RequestAsync(Minji, Jisoo, ContactRequest.Befriend);
        var commits = _test.Commits.Length;

        (await RequestAsync(Minji, Jisoo, ContactRequest.Befriend)).ShouldBeOfType<ContactSettled>();
        await RequestAsync(Hana, Minji, ContactRequest.Unfriend);
        await RequestAsync(Hana, Minji, ContactRequest.Unblock);

        _test.Commits.Length.ShouldBe(commits);
    }

    [Fact]
    public async Task Two_who_ask_each_other_before_either_is_written_are_friends()
    {
        // Held, so that both can read that there is nothing yet before either is written.
        var held = _test.Hold();
        var requests = new[] { RequestAsync(Minji, Jisoo, ContactRequest.Befriend), RequestAsync(Jisoo, Minji, ContactRequest.Befriend) };
        _test.Release();
        await held.Within("the writer");
        var replies = await Task.WhenAll(requests).Within("both requests");

        replies.Select(reply => ((ContactSettled)reply).Relation.State).Order().ShouldBe([FriendState.PendingOut, FriendState.Friends]);
        (await _test.Store.Contacts.ListFriendsAsync(Minji, CancellationToken.None)).Single().State.ShouldBe(FriendState.Friends);
        (await _test.Store.Contacts.ListFriendsAsync(Jisoo, CancellationToken.None)).Single().State.ShouldBe(FriendState.Friends);
    }

    private Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request) =>
        _test.Store.Contacts.RequestAsync(user, other, request, Now, CancellationToken.None);
}
