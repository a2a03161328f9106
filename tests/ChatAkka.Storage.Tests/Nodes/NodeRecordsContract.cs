using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Nodes;

/// <summary>What every store must do with what a dead node has recorded, while others live.</summary>
public abstract class NodeRecordsContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const long ReviewAt = 5_000;
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly UserId Cid = new("13");

    private readonly SettableTime _time = new();

    private protected override StorageOptions Options { get; } = new() { NodeLeaseSeconds = 60 };

    private protected override TimeProvider Time => _time;

    [SkippableFact]
    public async Task Users_of_a_dead_node_were_active_until_it_was_last_alive()
    {
        var dead = await AcquireAsync("dead");
        await SaveAsync(dead, new(Ann, true, 5), new(Bob, true, 6));
        await SaveAsync(dead, new PresenceRecord(Bob, false, 7));
        await MarkAsync(dead, 90);
        await MarkAsync(dead, 80);

        (await RecoverAsync(dead)).ShouldBe(1);

        (await LoadAsync(Ann, Bob)).ShouldBe(new Dictionary<UserId, long> { [Ann] = 90, [Bob] = 7 }, ignoreOrder: true);
        (await Store.Reviews.PeekAsync(ReviewAt)).ShouldBe([Ann]);
        (await RecoverAsync(dead)).ShouldBe(0, "once is enough");
    }

    [SkippableFact]
    public async Task Living_node_keeps_its_users_and_its_mark()
    {
        var (dead, living) = (await AcquireAsync("dead"), await AcquireAsync("living"));
        await SaveAsync(dead, new PresenceRecord(Ann, true, 5));
        await SaveAsync(living, new PresenceRecord(Bob, true, 6));
        await MarkAsync(living, 90);

        await RecoverAsync(dead);

        (await LoadAsync(Ann, Bob)).ShouldBe(new Dictionary<UserId, long> { [Ann] = 5, [Bob] = 6 }, ignoreOrder: true);
        (await Store.PresenceOf(living).MarkAliveAsync(95, CancellationToken.None)).ShouldBeTrue();
        (await RecoverAsync(living)).ShouldBe(1, "Bob was there all the time");
        (await LoadAsync(Bob))[Bob].ShouldBe(95);
    }

    [SkippableFact]
    public async Task User_whom_a_living_node_has_online_is_not_offline_but_was_active_at_the_dead_one()
    {
        var (dead, living) = (await AcquireAsync("dead"), await AcquireAsync("living"));
        await SaveAsync(living, new PresenceRecord(Ann, true, 6));
        await SaveAsync(dead, new PresenceRecord(Ann, true, 5));
        await MarkAsync(dead, 90);

        (await RecoverAsync(dead)).ShouldBe(0);

        (await Store.Reviews.PeekAsync(ReviewAt)).ShouldBeEmpty();
        (await LoadAsync(Ann))[Ann].ShouldBe(90);
        (await RecoverAsync(living)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task User_of_two_dead_nodes_is_offline_once()
    {
        var (first, second) = (await AcquireAsync("first"), await AcquireAsync("second"));
        await SaveAsync(first, new PresenceRecord(Ann, true, 5));
        await SaveAsync(second, new PresenceRecord(Ann, true, 5));

        (await RecoverAsync(first, second)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Node_that_is_not_dead_after_all_hears_that_its_records_were_taken()
    {
        var node = await AcquireAsync("node");
        await SaveAsync(node, new PresenceRecord(Ann, true, 5));
        await MarkAsync(node, 90);
        await RecoverAsync(node);

        await SaveAsync(node, new PresenceRecord(Bob, true, 91));
        (await Store.PresenceOf(node).MarkAliveAsync(95, CancellationToken.None)).ShouldBeFalse();
        (await Store.PresenceOf(node).MarkAliveAsync(96, CancellationToken.None)).ShouldBeTrue();

        await SaveAsync(node, new PresenceRecord(Ann, true, 5));
        (await RecoverAsync(node)).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Lease_that_was_renewed_since_leaves_its_node_alone()
    {
        var node = await AcquireAsync("node");
        await SaveAsync(node, new PresenceRecord(Ann, true, 5));
        _time.Now += 10_000;
        var renewed = (await Store.Leases.RenewAsync(node, CancellationToken.None)).ShouldNotBeNull();

        (await RecoverAsync(node)).ShouldBe(0);
        (await RecoverAsync(renewed)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Number_that_another_has_by_now_is_its_to_recover()
    {
        var dead = await AcquireAsync("dead");
        await SaveAsync(dead, new PresenceRecord(Ann, true, 5));
        _time.Now = dead.ExpiresAt + 1;
        var next = await AcquireAsync("next");
        next.Node.ShouldBe(dead.Node);

        (await RecoverAsync(dead)).ShouldBe(0);
        (await RecoverAsync(next)).ShouldBe(1, "at its start");
        await SaveAsync(next, new PresenceRecord(Bob, true, 5));
        (await RecoverAsync(dead)).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Nobody_is_looked_after_where_nobody_is_told_anything()
    {
        var dead = await AcquireAsync("dead");
        await SaveAsync(dead, new PresenceRecord(Ann, true, 5));

        (await Store.Records.RecoverAsync([dead], null, CancellationToken.None)).ShouldBe(1);

        (await Store.Reviews.PeekAsync(long.MaxValue - 1)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Node_is_listed_while_somebody_may_be_recorded_at_it()
    {
        var (dead, living) = (await AcquireAsync("dead"), await AcquireAsync("living"));
        (await ListAsync()).ShouldBeEmpty();
        await SaveAsync(dead, new PresenceRecord(Ann, true, 5));
        await MarkAsync(living, 90);
        (await ListAsync()).ShouldBe([dead.Node, living.Node], ignoreOrder: true);

        await RecoverAsync(dead);

        (await ListAsync()).ShouldBe([living.Node]);
    }

    [SkippableFact]
    public async Task Users_are_there_to_be_recovered_after_a_restart()
    {
        var dead = await AcquireAsync("dead");
        UserId[] users = [.. Enumerable.Range(1, 2_345).Select(i => new UserId($"{i}"))];
        await SaveAsync(dead, [.. users.Select(user => new PresenceRecord(user, true, 5))]);
        await MarkAsync(dead, 90);

        await Tested.ReopenAsync();

        (await RecoverAsync(dead)).ShouldBe(users.Length, "more than one transaction takes");
        (await Store.Reviews.PeekAsync(ReviewAt)).ShouldBe(users, ignoreOrder: true);
        (await LoadAsync(users)).Values.ShouldAllBe(at => at == 90);
    }

    [SkippableFact]
    public async Task Pushes_that_a_dead_node_had_claimed_may_be_claimed_and_those_of_the_living_may_not()
    {
        var (dead, living) = (await AcquireAsync("dead"), await AcquireAsync("living"));
        var channel = new ChannelId("31");
        await Store.Outbox.AddAsync([new(Ann, channel, 1, 10), new(Bob, channel, 1, 11), new(Cid, channel, 1, 12)], CancellationToken.None);
        await Store.PushesOf(dead).ClaimDueAsync(10, 90_000, 9, CancellationToken.None);
        await Store.PushesOf(living).ClaimDueAsync(11, 90_000, 9, CancellationToken.None);

        await RecoverAsync(dead);

        (await Store.PushesOf(living).PeekAsync(20)).Select(push => push.User).ShouldBe([Ann, Cid]);
    }

    [SkippableFact]
    public async Task Recovery_of_a_new_store_finds_nobody() => (await RecoverAsync()).ShouldBe(0);

    [SkippableFact]
    public async Task Review_is_claimed_once_and_comes_back_unless_it_is_done()
    {
        await Store.Reviews.AddAsync([Ann, Bob], 100, CancellationToken.None);
        await Store.Reviews.AddAsync([Cid], 101, CancellationToken.None);

        (await ClaimAsync(99, 500)).ShouldBeEmpty();
        (await ClaimAsync(100, 500)).ShouldBe([Ann, Bob], ignoreOrder: true);
        (await ClaimAsync(100, 500)).ShouldBeEmpty();
        await Store.Reviews.DoneAsync([Ann, Cid], 500, CancellationToken.None);

        (await ClaimAsync(500, 900)).ShouldBe([Bob, Cid], ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Review_that_is_asked_for_anew_meanwhile_stays()
    {
        await Store.Reviews.AddAsync([Ann], 100, CancellationToken.None);
        await ClaimAsync(100, 500);
        await Store.Reviews.AddAsync([Ann], 200, CancellationToken.None);

        await Store.Reviews.DoneAsync([Ann], 500, CancellationToken.None);

        (await ClaimAsync(200, 600)).ShouldBe([Ann]);
    }

    [SkippableFact]
    public async Task Reviews_come_longest_due_first_and_no_more_than_asked_for()
    {
        await Store.Reviews.AddAsync([Ann], 102, CancellationToken.None);
        await Store.Reviews.AddAsync([Bob], 101, CancellationToken.None);
        await Store.Reviews.AddAsync([Cid], 103, CancellationToken.None);

        (await ClaimAsync(103, 500, limit: 2)).ShouldBe([Bob, Ann], ignoreOrder: true);
        (await ClaimAsync(103, 500, limit: 2)).ShouldBe([Cid]);
    }

    private Task<NodeLease> AcquireAsync(string holder) => Store.Leases.AcquireAsync(holder, CancellationToken.None);

    private Task SaveAsync(NodeLease node, params PresenceRecord[] records) =>
        Store.PresenceOf(node).SaveAsync(records, CancellationToken.None);

    private Task MarkAsync(NodeLease node, long now) => Store.PresenceOf(node).MarkAliveAsync(now, CancellationToken.None);

    private Task<IReadOnlyDictionary<UserId, long>> LoadAsync(params UserId[] users) =>
        Store.PresenceOf(Peeks.Node).LoadAsync(users, CancellationToken.None);

    private Task<IReadOnlySet<int>> ListAsync() => Store.Records.ListAsync(CancellationToken.None);

    private Task<int> RecoverAsync(params NodeLease[] dead) => Store.Records.RecoverAsync(dead, ReviewAt, CancellationToken.None);

    private Task<IReadOnlyList<UserId>> ClaimAsync(long now, long until, int limit = 9) =>
        Store.Reviews.ClaimDueAsync(now, until, limit, CancellationToken.None);
}
