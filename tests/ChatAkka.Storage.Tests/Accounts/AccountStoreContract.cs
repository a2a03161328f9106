using System.Globalization;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Accounts;

/// <summary>What every store of accounts and device sessions must do.</summary>
public abstract class AccountStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const long Now = 1_800_000_000_000;
    private static readonly Account Minji = new(new UserId("1001"), "minji", "민지 😀", Now);
    private static readonly Account Jisoo = new(new UserId("9223372036854775807"), "jisoo", "Jisoo", Now + 1);

    private IAccountStore Accounts => Store.Accounts;

    [SkippableFact]
    public async Task Account_is_found_by_id_and_name()
    {
        (await CreateAsync(Minji)).ShouldBeTrue();
        (await CreateAsync(Jisoo)).ShouldBeTrue();

        (await Accounts.FindAsync(Minji.Id, CancellationToken.None)).ShouldBe(Minji);
        (await Accounts.FindAsync(Jisoo.Id, CancellationToken.None)).ShouldBe(Jisoo);
        (await Accounts.FindByUsernameAsync("minji", CancellationToken.None)).ShouldBe(Minji);
        (await Accounts.FindCredentialsAsync("minji", CancellationToken.None)).ShouldBe(new Credentials(Minji, "hash of minji"));
    }

    [SkippableFact]
    public async Task Unknown_account_is_null()
    {
        (await Accounts.FindAsync(new UserId("5"), CancellationToken.None)).ShouldBeNull();
        (await Accounts.FindByUsernameAsync("nobody", CancellationToken.None)).ShouldBeNull();
        (await Accounts.FindCredentialsAsync("nobody", CancellationToken.None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Create_with_a_taken_name_is_refused_and_changes_nothing()
    {
        await CreateAsync(Minji);

        (await CreateAsync(Jisoo with { Username = "minji" })).ShouldBeFalse();

        (await Accounts.FindByUsernameAsync("minji", CancellationToken.None)).ShouldBe(Minji);
        (await Accounts.FindAsync(Jisoo.Id, CancellationToken.None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Create_of_one_name_by_many_at_once_succeeds_for_one()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(i => CreateAsync(Minji with { Id = User(i) })));

        outcomes.Count(created => created).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Rename_changes_the_display_name_only()
    {
        await CreateAsync(Minji);

        (await Accounts.RenameAsync(Minji.Id, "지수", CancellationToken.None)).ShouldBeTrue();
        (await Accounts.RenameAsync(Jisoo.Id, "nobody", CancellationToken.None)).ShouldBeFalse();

        (await Accounts.FindAsync(Minji.Id, CancellationToken.None)).ShouldBe(Minji with { DisplayName = "지수" });
    }

    [SkippableFact]
    public async Task FindMissing_returns_those_that_do_not_exist()
    {
        await CreateAsync(Minji);
        UserId[] many = [.. Enumerable.Range(5_000, 1_200).Select(User)];

        (await Accounts.FindMissingAsync([Minji.Id], CancellationToken.None)).ShouldBeEmpty();
        (await Accounts.FindMissingAsync([], CancellationToken.None)).ShouldBeEmpty();
        (await Accounts.FindMissingAsync([.. many, Minji.Id, many[0]], CancellationToken.None)).ShouldBe(many);
    }

    [SkippableFact]
    public async Task EnsureExternal_creates_once_and_finds_ever_after()
    {
        var created = await EnsureAsync("alice", "phone", 1, 2);
        var found = await EnsureAsync("alice", "phone", 3, 4);
        var laptop = await EnsureAsync("alice", "laptop", 5, 6);

        created.ShouldBe(new ExternalIdentity(User(1), Device(2)));
        found.ShouldBe(created);
        laptop.ShouldBe(new ExternalIdentity(User(1), Device(6), DeviceIsNew: true));
        (await EnsureAsync("alice", "laptop", 7, 8)).ShouldBe(new ExternalIdentity(User(1), Device(6)));
        (await Accounts.FindAsync(User(1), CancellationToken.None)).ShouldBe(new Account(User(1), "ext:alice", "alice's name", Now));
        (await Accounts.FindAsync(User(5), CancellationToken.None)).ShouldBeNull();
        (await Accounts.FindCredentialsAsync("ext:alice", CancellationToken.None)).ShouldBeNull("it has no password");
    }

    [SkippableFact]
    public async Task EnsureExternal_of_the_same_by_many_at_once_gives_all_the_same()
    {
        var identities = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => EnsureAsync("alice", "phone", i, 1_000 + i)));

        identities.Distinct().ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task EnsureExternal_of_15000_at_once_creates_them_all()
    {
        var identities = await Task.WhenAll(Enumerable.Range(1, 15_000).Select(i => EnsureAsync($"user{i}", "phone", i, 20_000 + i)))
            .Within("15,000 log-ins");

        identities.Distinct().Count().ShouldBe(15_000);
    }

    [SkippableFact]
    public async Task Session_is_found_by_its_hash_until_it_expires()
    {
        await CreateAsync(Minji);
        var session = Session(Minji, 1);
        await Accounts.CreateSessionAsync(session, Hash(1), CancellationToken.None);

        (await Accounts.FindSessionAsync(Hash(1), session.ExpiresAt - 1, CancellationToken.None)).ShouldBe(session);
        (await Accounts.FindSessionAsync(Hash(1), session.ExpiresAt, CancellationToken.None)).ShouldBeNull();
        (await Accounts.FindSessionAsync(Hash(2), Now, CancellationToken.None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Touch_moves_the_expiry_ahead_and_never_back()
    {
        await CreateAsync(Minji);
        await Accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);

        await Accounts.TouchSessionAsync(Device(1), Now + 500, Now + 5_000, CancellationToken.None);
        await Accounts.TouchSessionAsync(Device(1), Now + 400, Now + 4_000, CancellationToken.None);

        (await Accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None))
            .ShouldBe(Session(Minji, 1) with { LastUsedAt = Now + 500, ExpiresAt = Now + 5_000 });
    }

    [SkippableFact]
    public async Task List_returns_the_live_sessions_of_the_user_newest_first()
    {
        await CreateAsync(Minji);
        await CreateAsync(Jisoo);
        var expiring = Session(Minji, 3) with { CreatedAt = Now + 2, ExpiresAt = Now + 3 };
        await Accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);
        await Accounts.CreateSessionAsync(Session(Minji, 2) with { CreatedAt = Now + 1 }, Hash(2), CancellationToken.None);
        await Accounts.CreateSessionAsync(expiring, Hash(3), CancellationToken.None);
        await Accounts.CreateSessionAsync(Session(Jisoo, 4), Hash(4), CancellationToken.None);

        (await ListAsync(Now)).ShouldBe([3, 2, 1]);
        (await ListAsync(Now + 3)).ShouldBe([2, 1]);

        async Task<IEnumerable<long>> ListAsync(long at) =>
            (await Accounts.ListSessionsAsync(Minji.Id, at, CancellationToken.None))
                .Select(session => long.Parse(session.Device.Value, CultureInfo.InvariantCulture));
    }

    [SkippableFact]
    public async Task Revoke_stops_the_token_of_the_owner_only()
    {
        await CreateAsync(Minji);
        await CreateAsync(Jisoo);
        await Accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);

        (await Accounts.RevokeSessionAsync(Jisoo.Id, Device(1), CancellationToken.None)).ShouldBeFalse();
        (await Accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None)).ShouldNotBeNull();
        (await Accounts.RevokeSessionAsync(Minji.Id, Device(1), CancellationToken.None)).ShouldBeTrue();
        (await Accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None)).ShouldBeNull();
        (await Accounts.RevokeSessionAsync(Minji.Id, Device(1), CancellationToken.None)).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task CreateSession_removes_the_users_expired_ones()
    {
        await CreateAsync(Minji);
        await CreateAsync(Jisoo);
        await Accounts.CreateSessionAsync(Session(Minji, 1) with { ExpiresAt = Now + 10 }, Hash(1), CancellationToken.None);
        await Accounts.CreateSessionAsync(Session(Jisoo, 3) with { ExpiresAt = Now + 10 }, Hash(3), CancellationToken.None);

        await Accounts.CreateSessionAsync(Session(Minji, 2) with { CreatedAt = Now + 10 }, Hash(2), CancellationToken.None);

        // Asked as if it were earlier: an expired one that is still there would be found.
        (await Accounts.ListSessionsAsync(Minji.Id, Now, CancellationToken.None)).ShouldHaveSingleItem().Device.ShouldBe(Device(2));
        (await Accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None)).ShouldBeNull();
        (await Accounts.FindSessionAsync(Hash(3), Now, CancellationToken.None)).ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task What_was_answered_is_there_after_a_restart()
    {
        await CreateAsync(Minji);
        await Accounts.CreateSessionAsync(Session(Minji, 1), Hash(1), CancellationToken.None);
        var external = await EnsureAsync("alice", "phone", 1, 2);

        await Tested.ReopenAsync();

        (await Accounts.FindCredentialsAsync("minji", CancellationToken.None)).ShouldBe(new Credentials(Minji, "hash of minji"));
        (await Accounts.FindSessionAsync(Hash(1), Now, CancellationToken.None)).ShouldBe(Session(Minji, 1));
        (await EnsureAsync("alice", "phone", 3, 4)).ShouldBe(external);
    }

    private static UserId User(int id) => new(id.ToString(CultureInfo.InvariantCulture));

    private static DeviceId Device(int id) => new(id.ToString(CultureInfo.InvariantCulture));

    private static byte[] Hash(byte first) => [first, .. new byte[31]];

    private static DeviceSession Session(Account account, int device) =>
        new(Device(device), account.Id, $"device {device}", "android", Now, Now, Now + 1_000);

    private Task<bool> CreateAsync(Account account) =>
        Accounts.CreateAsync(account, $"hash of {account.Username}", CancellationToken.None);

    private Task<ExternalIdentity> EnsureAsync(string sub, string device, int offeredUser, int offeredDevice) =>
        Accounts.EnsureExternalAsync(sub, device, $"{sub}'s name", User(offeredUser), Device(offeredDevice), Now, CancellationToken.None);
}
