using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Cursors;

/// <summary>What SQLite's stores of cursors and receipts do beyond their contracts.</summary>
public sealed class SqliteCursorStoreTests
{
    [Fact]
    public async Task Save_of_nothing_commits_nothing()
    {
        await using var test = new TestStore();

        await test.Store.Cursors.SaveAsync([], overwrite: false, CancellationToken.None);
        await test.Store.Receipts.SaveAsync([], CancellationToken.None);

        test.Commits.ShouldBeEmpty();
    }
}
