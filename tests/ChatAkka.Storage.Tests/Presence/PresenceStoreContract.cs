using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Presence;

/// <summary>What every store must do about presence, as nodes write it.</summary>
public abstract class PresenceStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly NodeLease Left = new(3, "left", 60_000);
    private static readonly NodeLease Right = new(4, "right", 60_000);

    private IPresenceStore Presence => Store.PresenceOf(Left);

    private IPresenceStore Others => Store.PresenceOf(Right);

    [SkippableFact]
    public async Task Last_activity_is_remembered_and_never_goes_back_whichever_node_tells_it()
    {
        await SaveAsync(Presence, new(Ann, true, 5), new(Bob, true, 6));
        await SaveAsync(Presence, new PresenceRecord(Ann, false, 4));
        await SaveAsync(Others, new(Ann, true, 3), new(Bob, false, 9));

        (await LoadAsync(Ann, Bob, new UserId("13"))).ShouldBe(new Dictionary<UserId, long> { [Ann] = 5, [Bob] = 9 }, ignoreOrder: true);
    }

    [SkippableFact]
    public async Task User_is_online_until_they_have_left_every_node()
    {
        await SaveAsync(Presence, new PresenceRecord(Ann, true, 5));
        await SaveAsync(Others, new PresenceRecord(Ann, true, 6));
        (await IsOnlineAsync(Ann)).ShouldBeTrue();

        await SaveAsync(Presence, new PresenceRecord(Ann, false, 7));
        (await IsOnlineAsync(Ann)).ShouldBeTrue("they are at the other node");

        await SaveAsync(Presence, new PresenceRecord(Ann, false, 8));
        (await IsOnlineAsync(Ann)).ShouldBeTrue("one can't leave a node twice");

        await SaveAsync(Others, new PresenceRecord(Ann, false, 9));
        (await IsOnlineAsync(Ann)).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Save_of_one_user_twice_keeps_the_last_state_and_the_latest_time()
    {
        await SaveAsync(Presence, new PresenceRecord(Ann, false, 9), new PresenceRecord(Ann, true, 7));
        (await IsOnlineAsync(Ann)).ShouldBeTrue();
        (await LoadAsync(Ann, Ann))[Ann].ShouldBe(9);

        await SaveAsync(Presence, new PresenceRecord(Ann, true, 10), new PresenceRecord(Ann, false, 8));
        (await IsOnlineAsync(Ann)).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task First_mark_says_that_nobody_may_be_recorded_and_further_ones_do_not()
    {
        await SaveAsync(Presence, new PresenceRecord(Ann, true, 5));
        (await Presence.MarkAliveAsync(90, CancellationToken.None)).ShouldBeFalse();
        (await Presence.MarkAliveAsync(80, CancellationToken.None)).ShouldBeTrue();
        (await Others.MarkAliveAsync(70, CancellationToken.None)).ShouldBeFalse("each node has its own");

        await Tested.ReopenAsync();
        (await Presence.MarkAliveAsync(91, CancellationToken.None)).ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Mark_of_another_holder_of_the_number_is_another_mark()
    {
        await Presence.MarkAliveAsync(90, CancellationToken.None);

        (await Store.PresenceOf(Left with { Holder = "next" }).MarkAliveAsync(91, CancellationToken.None)).ShouldBeFalse();
        (await Presence.MarkAliveAsync(92, CancellationToken.None)).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Nobody_is_loaded_from_a_new_store() => (await LoadAsync(Ann)).ShouldBeEmpty();

    private static Task SaveAsync(IPresenceStore presence, params PresenceRecord[] records) =>
        presence.SaveAsync(records, CancellationToken.None);

    private Task<IReadOnlyDictionary<UserId, long>> LoadAsync(params UserId[] users) => Presence.LoadAsync(users, CancellationToken.None);

    // As people see it.
    private async Task<bool> IsOnlineAsync(UserId user)
    {
        var rows = await Store.Contents.ReadAsync(StoredTable.All.Single(table => table.Name == "presence"));
        return rows.Single(row => (long)row[0]! == StoredId.Of(user))[1] is 1L;
    }
}
