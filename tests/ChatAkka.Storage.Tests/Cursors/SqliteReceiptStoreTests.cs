using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Cursors;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Cursors;

public sealed class SqliteReceiptStoreTests : IAsyncLifetime
{
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly ChannelId Group = new("7001");
    private static readonly ChannelId Direct = new("11-12");

    private TestStore _test = null!;
    private SqliteReceiptStore _receipts = null!;

    public Task InitializeAsync()
    {
        _test = new TestStore();
        _receipts = new SqliteReceiptStore(_test.Store);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Load_of_an_unknown_user_is_empty() => (await LoadAsync(Ann)).ShouldBeEmpty();

    [Fact]
    public async Task Save_merges_each_cursor_by_maximum()
    {
        await SaveAsync(new Receipt(Ann, Group, 5, 4, 3));
        await SaveAsync(new Receipt(Ann, Group, 4, 6, 5));
        await SaveAsync(new Receipt(Ann, Group, 9, 0, 0));
        await SaveAsync(new Receipt(Ann, Group, 0, 5, 4));

        (await LoadAsync(Ann)).ShouldBe([new Receipt(Ann, Group, 9, 6, 5)]);
    }

    [Fact]
    public async Task Receipts_of_a_user_and_of_a_channel_are_found()
    {
        await SaveAsync(new Receipt(Ann, Group, 5, 4, 3), new Receipt(Bob, Group, 3, 2, 1), new Receipt(Ann, Direct, 2, 2, 1));

        (await LoadAsync(Ann)).ShouldBe([new Receipt(Ann, Group, 5, 4, 3), new Receipt(Ann, Direct, 2, 2, 1)], ignoreOrder: true);
        (await FindAsync(Group, Ann, Bob, new UserId("13"))).ShouldBe([new Receipt(Ann, Group, 5, 4, 3), new Receipt(Bob, Group, 3, 2, 1)], ignoreOrder: true);
        (await FindAsync(Group, Bob)).ShouldBe([new Receipt(Bob, Group, 3, 2, 1)]);
        (await FindAsync(Direct, Bob)).ShouldBeEmpty();
    }

    [Fact]
    public void Save_of_nothing_commits_nothing() => _receipts.SaveAsync([], CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();

    private Task SaveAsync(params Receipt[] receipts) => _receipts.SaveAsync(receipts, CancellationToken.None);

    private Task<IReadOnlyList<Receipt>> LoadAsync(UserId user) => _receipts.LoadAsync(user, CancellationToken.None);

    private Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, params UserId[] users) => _receipts.FindAsync(channel, users, CancellationToken.None);
}
