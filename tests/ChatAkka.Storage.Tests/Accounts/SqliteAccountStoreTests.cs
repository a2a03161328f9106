using System.Globalization;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Accounts;

public sealed class SqliteAccountStoreTests : IAsyncLifetime
{
    private const long Now = 1_800_000_000_000;
    private static readonly Account Minji = new(new UserId("1001"), "minji", "민지 😀", Now);
    private static readonly Account Jisoo = new(new UserId("9223372036854775807"), "jisoo", "Jisoo", Now + 1);

    private TestStore _test = null!;
    private SqliteAccountStore _accounts = null!;

    public Task InitializeAsync()
    {
        _test = new TestStore();
        _accounts = new SqliteAccountStore(_test.Store);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Account_is_found_by_id_and_name()
    {
        (await CreateAsync(Minji)).ShouldBeTrue();
        (await CreateAsync(Jisoo)).ShouldBeTrue();

        (await _accounts.FindAsync(Minji.Id, CancellationToken.None)).ShouldBe(Minji);
        (await _accounts.FindAsync(Jisoo.Id, CancellationToken.None)).ShouldBe(Jisoo);
        (await _accounts.FindByUsernameAsync("minji", CancellationToken.None)).ShouldBe(Minji);
        (await _accounts.FindCredentialsAsync("minji", CancellationToken.None)).ShouldBe(new Credentials(Minji, "hash of minji"));
    }

    [Fact]
    public async Task Unknown_account_is_null()
    {
        (await _accounts.FindAsync(new UserId("5"), CancellationToken.None)).ShouldBeNull();
        (await _accounts.FindByUsernameAsync("nobody", CancellationToken.None)).ShouldBeNull();
        (await _accounts.FindCredentialsAsync("nobody", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Create_with_a_taken_name_is_refused_and_changes_nothing()
    {
        await CreateAsync(Minji);

        (await CreateAsync(Jisoo with { Username = "minji" })).ShouldBeFalse();

        (await _accounts.FindByUsernameAsync("minji", CancellationToken.None)).ShouldBe(Minji);
        (await _accounts.FindAsync(Jisoo.Id, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Create_of_one_name_by_many_at_once_succeeds_for_one()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(i => CreateAsync(Minji with { Id = User(i) })));

        outcomes.Count(created => created).ShouldBe(1);
    }

    [Fact]
    public async Task Rename_changes_the_display_name_only()
    {
        await CreateAsync(Minji);

        (await _accounts.RenameAsync(Minji.Id, "지수", CancellationToken.None)).ShouldBeTrue();
        (await _accounts.RenameAsync(Jisoo.Id, "nobody", CancellationToken.None)).ShouldBeFalse();

        (await _accounts.FindAsync(Minji.Id, CancellationToken.None)).ShouldBe(Minji with { DisplayName = "지수" });
    }

    [Fact]
    public async Task FindMissing_returns_those_that_do_not_exist()
    {
        await CreateAsync(Minji);
        UserId[] many = [.. Enumerable.Range(5_000, 1_200).Select(User)];

        (await _accounts.FindMissingAsync([Minji.Id], CancellationToken.None)).ShouldBeEmpty();
        (await _accounts.FindMissingAsync([], CancellationToken.None)).ShouldBeEmpty();
        (await _accounts.FindMissingAsync([.. many, Minji.Id, many[0]], CancellationToken.None)).ShouldBe(many);
    }

    [Fact]
    public async Task EnsureExternal_creates_once_and_finds_ever_after()
    {
        var created = await EnsureAsync("alice", "phone", 1, 2);
        var found = await EnsureAsync("alice", "phone", 3, 4);
        var laptop = await EnsureAsync("alice", "laptop", 5, 6);

        created.ShouldBe(new ExternalIdentity(User(1), Device(2)));
        found.ShouldBe(created);
        laptop.ShouldBe(new ExternalIdentity(User(1), Device(6), DeviceIsNew: true));
        (await EnsureAsync("alice", "laptop", 7, 8)).ShouldBe(new ExternalIdentity(User(1), Device(6)));
        (await _accounts.FindAsync(User(1), CancellationToken.None)).ShouldBe(new Account(User(1), "ext:alice", "alice's name", Now));
        (await _accounts.FindAsync(User(5), CancellationToken.None)).ShouldBeNull();
        (await _accounts.FindCredentialsAsync("ext:alice", CancellationToken.None)).ShouldBeNull("it has no password");
    }

    [Fact]
    public async Task EnsureExternal_of_the_same_by_many_at_once_gives_all_the_same()
    {
        var identities = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => EnsureAsync("alice", "phone", i, 1_000 + i)));

        identities.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task EnsureExternal_of_15000_at_once_takes_few_commits()
    {
        var identities = await Task.WhenAll(Enumerable.Range(1, 15_000).Select(i => EnsureAsync($"user{i}", "phone", i, 20_000 + i))).Within("15,000 log-ins");

        identities.Distinct().Count().ShouldBe(15_000);
        _test.Commits.Length.ShouldBeLessThan(5_000);
    }

    [Fact]
    public async Task Session_is_found_by_its_hash_until_it_expires()
    {
        await CreateAsync(Minji);
        var session = Session(Minji, 1);
        await _accounts.CreateSessionAsync(session, Hash(1), CancellationToken.None);

        (await _accounts.FindSessionAsync(Hash(1), session.ExpiresAt - 1, CancellationToken.None)).ShouldBe(session);
        (await _accounts.FindSessionAsync(Hash(1), session.ExpiresAt, CancellationToken.None)).ShouldBeNull();
        (await _accounts.FindSessionAsync(Hash(2), Now, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Touch_moves_the_expiry_ahead_and_never_back()
    {
        await CreateAsync(Minji);
        await _accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);

        await _accounts.TouchSessionAsync(Device(1), Now + 500, Now + 5_000, CancellationToken.None);
        await _accounts.TouchSessionAsync(Device(1), Now + 400, Now + 4_000, CancellationToken.None);

        (await _accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None))
            .ShouldBe(Session(Minji, 1) with { LastUsedAt = Now + 500, ExpiresAt = Now + 5_000 });
    }

    [Fact]
    public async Task List_returns_the_live_sessions_of_the_user_newest_first()
    {
        await CreateAsync(Minji);
        await CreateAsync(Jisoo);
        var expiring = Session(Minji, 3) with { CreatedAt = Now + 2, ExpiresAt = Now + 3 };
        await _accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);
        await _accounts.CreateSessionAsync(Session(Minji, 2) with { CreatedAt = Now + 1 }, Hash(2), CancellationToken.None);
        await _accounts.CreateSessionAsync(expiring, Hash(3), CancellationToken.None);
        await _accounts.CreateSessionAsync(Session(Jisoo, 4), Hash(4), CancellationToken.None);

        (await ListAsync(Now)).ShouldBe([3, 2, 1]);
        (await ListAsync(Now + 3)).ShouldBe([2, 1]);

        async Task<IEnumerable<long>> ListAsync(long at) =>
            (await _accounts.ListSessionsAsync(Minji.Id, at, CancellationToken.None)).Select(session => long.Parse(session.Device.Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Revoke_stops_the_token_of_the_owner_only()
    {
        await CreateAsync(Minji);
        await CreateAsync(Jisoo);
        await _accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);

        (await _accounts.RevokeSessionAsync(Jisoo.Id, Device(1), CancellationToken.None)).ShouldBeFalse();
        (await _accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None)).ShouldNotBeNull();
        (await _accounts.RevokeSessionAsync(Minji.Id, Device(1), CancellationToken.None)).ShouldBeTrue();
        (await _accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None)).ShouldBeNull();
        (await _accounts.RevokeSessionAsync(Minji.Id, Device(1), CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task CreateSession_removes_the_users_expired_ones()
    {
        await CreateAsync(Minji);
        await _accounts.CreateSessionAsync(Session(Minji, 1) with { ExpiresAt = Now + 10 }, Hash(1), CancellationToken.None);

        await _accounts.CreateSessionAsync(Session(Minji, 2) with { CreatedAt = Now + 10 }, Hash(2), CancellationToken.None);

        _test.Scalar<long>("SELECT count(*) FROM device_session").ShouldBe(1);
    }

    private static UserId User(int id) => new(id.ToString(CultureInfo.InvariantCulture));

    private static DeviceId Device(int id) => new(id.ToString(CultureInfo.InvariantCulture));

    private static byte[] Hash(byte first) => [first, .. new byte[31]];

    private static DeviceSession Session(Account account, int device) =>
        new(Device(device), account.Id, $"device {device}", "android", Now, Now, Now + 1_000);

    private Task<bool> CreateAsync(Account account) =>
        _accounts.CreateAsync(account, $"hash of {account.Username}", CancellationToken.None);

    private Task<ExternalIdentity> EnsureAsync(string sub, string device, int offeredUser, int offeredDevice) =>
        _accounts.EnsureExternalAsync(sub, device, $"{sub}'s name", User(offeredUser), Device(offeredDevice), Now, CancellationToken.None);
}
