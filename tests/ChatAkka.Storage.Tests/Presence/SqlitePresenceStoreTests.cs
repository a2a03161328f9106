using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Storage.Presence;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Presence;

public sealed class SqlitePresenceStoreTests : IAsyncLifetime
{
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");

    private TestStore _test = null!;
    private SqlitePresenceStore _presence = null!;

    public Task InitializeAsync()
    {
        _test = new TestStore();
        _presence = new SqlitePresenceStore(_test.Store);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Last_activity_is_remembered_and_never_goes_back()
    {
        await SaveAsync(new PresenceRecord(Ann, true, 5), new PresenceRecord(Bob, true, 6));
        await SaveAsync(new PresenceRecord(Ann, false, 4));

        (await LoadAsync(Ann, Bob, new UserId("13"))).ShouldBe(new Dictionary<UserId, long> { [Ann] = 5, [Bob] = 6 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Those_who_were_online_at_a_crash_were_active_until_the_last_sign_of_the_program()
    {
        await SaveAsync(new PresenceRecord(Ann, true, 5), new PresenceRecord(Bob, true, 6));
        await SaveAsync(new PresenceRecord(Bob, false, 7));
        await _presence.MarkAliveAsync(90, CancellationToken.None);
        await _presence.MarkAliveAsync(80, CancellationToken.None);

        (await _presence.RecoverAsync(CancellationToken.None)).ShouldBe([Ann]);

        (await LoadAsync(Ann, Bob)).ShouldBe(new Dictionary<UserId, long> { [Ann] = 90, [Bob] = 7 }, ignoreOrder: true);
        (await _presence.RecoverAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Recovery_of_a_new_store_finds_nobody() => (await _presence.RecoverAsync(CancellationToken.None)).ShouldBeEmpty();

    private Task SaveAsync(params PresenceRecord[] records) => _presence.SaveAsync(records, CancellationToken.None);

    private Task<IReadOnlyDictionary<UserId, long>> LoadAsync(params UserId[] users) => _presence.LoadAsync(users, CancellationToken.None);
}
