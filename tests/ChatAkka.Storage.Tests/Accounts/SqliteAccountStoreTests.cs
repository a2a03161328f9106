using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Accounts;

/// <summary>What SQLite's account store does beyond its contract.</summary>
public sealed class SqliteAccountStoreTests : IAsyncDisposable
{
    private const long Now = 1_800_000_000_000;
    private readonly TestStore _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task EnsureExternal_of_15000_at_once_takes_few_commits()
    {
        await Task.WhenAll(Enumerable.Range(1, 15_000).Select(i => _test.Store.Accounts.EnsureExternalAsync(
            $"user{i}", "phone", "a name", new UserId($"{i}"), new DeviceId($"{20_000 + i}"), Now, CancellationToken.None)))
            .Within("15,000 log-ins");

        _test.Commits.Length.ShouldBeLessThan(5_000);
    }

    [Fact]
    public async Task CreateSession_leaves_no_row_of_an_expired_one()
    {
        var user = new UserId("1001");
        await _test.Store.Accounts.CreateAsync(new Account(user, "minji", "Minji", Now), "hash", CancellationToken.None);
        await CreateSessionAsync(1, Now, Now + 10);

        await CreateSessionAsync(2, Now + 10, Now + 1_000);

        _test.Scalar<long>("SELECT count(*) FROM device_session").ShouldBe(1);

        Task CreateSessionAsync(byte device, long createdAt, long expiresAt) => _test.Store.Accounts.CreateSessionAsync(
            new DeviceSession(new DeviceId($"{device}"), user, "a device", "android", createdAt, createdAt, expiresAt),
            [device],
            CancellationToken.None);
    }
}
