using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>What a store must do that several processes may have open on the same data (promise P6): two of them here.</summary>
public abstract class SharedStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const string Id = "channel-7001";
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");

    private readonly SettableTime _time = new();
    private ChatStore _second = null!;

    private protected override TimeProvider Time => _time;

    private IEventStore Left => Store.Journal;

    private IEventStore Right => _second.Journal;

    private ChatStore[] Both => [Store, _second];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _second = await Tested.ConnectAsync();
    }

    public override async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await base.DisposeAsync();
    }

    [SkippableFact]
    public async Task Append_of_the_same_number_by_both_lets_exactly_one_have_it()
    {
        const int rounds = 200;
        var winners = new List<string>();
        for (var i = 1; i <= rounds; i++)
        {
            var won = await Task.WhenAll(
                TryAppendAsync(Left, Rows.Row(Id, i, "left")), TryAppendAsync(Right, Rows.Row(Id, i, "right"))).Within("both");
            won.Count(one => one).ShouldBe(1, $"round {i}");
            winners.Add(won[0] ? "left" : "right");
        }

        foreach (var events in new[] { Left, Right })
        {
            (await events.ReadAsync(Id)).Select(row => row.Text()).ShouldBe(winners.Select((winner, i) => $"{winner} {i + 1}"));
        }
    }

    [SkippableFact]
    public async Task Batches_that_overlap_are_stored_whole_or_not_at_all()
    {
        for (var from = 1; from <= 200; from += 10)
        {
            var won = await Task.WhenAll(
                TryAppendAsync(Left, Rows.Range(Id, from, from + 5, "left")),
                TryAppendAsync(Right, Rows.Range(Id, from + 5, from + 9, "right"))).Within("both");

            won.Count(one => one).ShouldBe(1);
            (await Right.NumbersAsync(Id, from, from + 9)).Length.ShouldBe(won[0] ? 6 : 5);
        }
    }

    [SkippableFact]
    public async Task Writer_that_was_overtaken_writes_nothing_below_what_the_other_has_written()
    {
        await Left.AppendAsync(Rows.Row(Id, 1));
        await Right.AppendAsync(Rows.Range(Id, 2, 5));

        await Should.ThrowAsync<JournalConflictException>(Left.AppendAsync(Rows.Row(Id, 2)));
        await Should.ThrowAsync<JournalConflictException>(Left.AppendAsync(Rows.Range(Id, 5, 6)));
        (await Left.HighestAsync(Id)).ShouldBe(5);
        await Left.AppendAsync(Rows.Row(Id, 6));
        (await Right.NumbersAsync(Id)).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [SkippableFact]
    public async Task Writer_does_not_write_what_the_other_has_deleted()
    {
        await Left.AppendAsync(Rows.Range(Id, 1, 3));
        await Right.AppendAsync(Rows.Range(Id, 4, 5));
        await Right.DeleteToAsync(Id, 5);

        await Should.ThrowAsync<JournalConflictException>(Left.AppendAsync(Rows.Row(Id, 4)));
        (await Left.HighestAsync(Id)).ShouldBe(5);
        await Left.AppendAsync(Rows.Row(Id, 6));
        (await Right.NumbersAsync(Id)).ShouldBe([6]);
    }

    [SkippableFact]
    public async Task Ids_that_both_begin_at_once_are_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => BeginAsync($"channel-{i}"))).Within("the appends");

        async Task BeginAsync(string id)
        {
            var won = await Task.WhenAll(TryAppendAsync(Left, Rows.Row(id, 1, "left")), TryAppendAsync(Right, Rows.Row(id, 1, "right")));
            won.Count(one => one).ShouldBe(1);

            // Who came too late finds what the other has begun, and can go on with it.
            var (loser, winner) = won[0] ? (Right, Left) : (Left, Right);
            (await loser.HighestAsync(id)).ShouldBe(1);
            await loser.AppendAsync(Rows.Row(id, 2));
            (await winner.NumbersAsync(id)).ShouldBe([1, 2]);
        }
    }

    [SkippableFact]
    public async Task Each_reads_what_the_other_has_committed()
    {
        for (var i = 1; i <= 100; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (Left, Right) : (Right, Left);
            await writer.AppendAsync(Rows.Row(Id, i) with { Annotates = (1, "t") });

            (await reader.HighestAsync(Id)).ShouldBe(i);
            (await reader.HeadsAsync([Id], CancellationToken.None)).ShouldHaveSingleItem().SequenceNr.ShouldBe(i);
            (await reader.AnnotationsAsync(Id, 1, 1, CancellationToken.None)).ShouldHaveSingleItem().SequenceNr.ShouldBe(i);
        }
    }

    [SkippableFact]
    public async Task Settling_by_one_leaves_what_the_other_has_appended_since()
    {
        var (left, right) = (Store.TrackDelivery(), _second.TrackDelivery());
        await Left.AppendAsync(Rows.Row(Id, 1) with { IsTimeline = true });
        await Right.AppendAsync(Rows.Row(Id, 2) with { IsTimeline = true });

        await left.SettledAsync(Id, 1, CancellationToken.None);
        (await left.PeekAsync()).ShouldBe([Id]);
        await left.SettledAsync(Id, 2, CancellationToken.None);
        (await right.PeekAsync()).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Leases_of_twenty_that_acquire_at_once_are_exclusive()
    {
        var first = await AcquireTwentyAsync("first");
        first.Select(lease => lease.Node).Order().ShouldBe(Enumerable.Range(0, 20));

        // All have ended: twenty others race for the same numbers.
        _time.Now = first.Max(lease => lease.ExpiresAt) + 1;
        var second = await AcquireTwentyAsync("second");
        second.Select(lease => lease.Node).Order().ShouldBe(Enumerable.Range(0, 20));
        foreach (var lease in first)
        {
            (await Store.Leases.RenewAsync(lease, CancellationToken.None)).ShouldBeNull();
        }
    }

    [SkippableFact]
    public async Task One_holder_that_acquires_through_both_has_one_number()
    {
        var leases = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Both[i % 2].Leases.AcquireAsync("a", CancellationToken.None))).Within("the leases");

        leases.Select(lease => lease.Node).Distinct().ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task Renewing_and_taking_an_ended_lease_at_once_leave_one_holder()
    {
        for (var round = 0; round < 20; round++)
        {
            var held = await Store.Leases.AcquireAsync($"holder {round}", CancellationToken.None);
            _time.Now = held.ExpiresAt + 1;
            var renewal = Store.Leases.RenewAsync(held, CancellationToken.None);
            var other = await _second.Leases.AcquireAsync($"other {round}", CancellationToken.None);

            ((await renewal) is not null && other.Node == held.Node).ShouldBeFalse($"both have {held.Node}");
        }
    }

    [SkippableFact]
    public async Task Name_that_both_give_away_at_once_is_one_users()
    {
        for (var round = 0; round < 20; round++)
        {
            var name = $"name{round}";
            var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Both[i % 2].Accounts.CreateAsync(
                new Account(new UserId($"{1_000 + (round * 10) + i}"), name, "Name", Now), "hash", CancellationToken.None)))
                .Within("the accounts");
            created.Count(one => one).ShouldBe(1);
        }
    }

    [SkippableFact]
    public async Task External_identity_that_both_create_at_once_is_one()
    {
        var identities = await Task.WhenAll(Enumerable.Range(1, 100).Select(i => Both[i % 2].Accounts.EnsureExternalAsync(
            "alice", "phone", "Alice", new UserId($"{i}"), new DeviceId($"{1_000 + i}"), Now, CancellationToken.None)))
            .Within("the identities");

        identities.Distinct().ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task Two_who_ask_each_other_through_both_are_friends()
    {
        await Store.Accounts.CreateAsync(new Account(Ann, "ann", "Ann", Now), "hash", CancellationToken.None);
        await Store.Accounts.CreateAsync(new Account(Bob, "bob", "Bob", Now), "hash", CancellationToken.None);
        for (var round = 0; round < 50; round++)
        {
            await Task.WhenAll(
                Store.Contacts.RequestAsync(Ann, Bob, ContactRequest.Befriend, Now, CancellationToken.None),
                _second.Contacts.RequestAsync(Bob, Ann, ContactRequest.Befriend, Now, CancellationToken.None)).Within("both requests");

            (await Store.Contacts.ListFriendsAsync(Ann, CancellationToken.None)).ShouldHaveSingleItem().State.ShouldBe(FriendState.Friends);
            (await Store.Contacts.RequestAsync(Ann, Bob, ContactRequest.Unfriend, Now, CancellationToken.None))
                .ShouldBe(new ContactSettled(Relation.None));
        }
    }

    [SkippableFact]
    public async Task Cursors_and_receipts_that_both_save_merge_by_maximum()
    {
        var (device, channel) = (new DeviceId("21"), new ChannelId("31"));
        await Task.WhenAll(Enumerable.Range(1, 100).SelectMany(i => new[]
        {
            Both[i % 2].Cursors.SaveAsync([new DeviceCursor(device, channel, i)], overwrite: false, CancellationToken.None),
            Both[(i + 1) % 2].Receipts.SaveAsync([new Receipt(Ann, channel, i, i, i)], CancellationToken.None),
        })).Within("the cursors");

        (await Store.Cursors.LoadAsync(device, CancellationToken.None))[channel].ShouldBe(100);
        (await _second.Receipts.LoadAsync(Ann, CancellationToken.None)).ShouldBe([new Receipt(Ann, channel, 100, 100, 100)]);
    }

    [SkippableFact]
    public async Task Push_that_both_owe_is_one()
    {
        var channel = new ChannelId("31");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Both[i % 2].Outbox.AddAsync([new PushRequest(Ann, channel, i, Now)], CancellationToken.None))).Within("the pushes");

        (await Store.PushesOf(Peeks.Node).PeekAsync(Now)).ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task Pushes_that_both_claim_are_each_given_to_one()
    {
        const int count = 400;
        await Store.Outbox.AddAsync(
            [.. Enumerable.Range(1, count).Select(i => new PushRequest(new UserId($"{i}"), new ChannelId("31"), i, Now))],
            CancellationToken.None);

        var claimed = (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ClaimAllAsync(i)))).Within("the claims"))
            .SelectMany(ids => ids).ToArray();

        claimed.Length.ShouldBe(count, "all are claimed");
        claimed.Distinct().Count().ShouldBe(count, "none twice");

        async Task<List<long>> ClaimAllAsync(int i)
        {
            var pushes = Both[i % 2].PushesOf(new NodeLease(i, $"node {i}", Now));
            List<long> mine = [];
            while (true)
            {
                var due = await pushes.ClaimDueAsync(Now, Now + 1_000, 7, CancellationToken.None);
                if (due.Count == 0 && await pushes.ClaimDueAsync(Now, Now + 1_000, 7, CancellationToken.None) is [])
                {
                    return mine;
                }

                mine.AddRange(due.Select(push => push.Id));
            }
        }
    }

    [SkippableFact]
    public async Task Timelines_that_both_take_up_are_each_given_to_one()
    {
        (_, var right) = (Store.TrackDelivery(), _second.TrackDelivery());
        await Left.AppendAsync([.. Enumerable.Range(0, 100).Select(i => Rows.Row($"channel-{i}", 1) with { IsTimeline = true })]);
        var (before, now) = (_time.Now, _time.Now + 1);

        var taken = (await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => (i % 2 == 0 ? Store.TrackDelivery() : right).TakeUpAsync(before, now, 5, CancellationToken.None))))
            .Within("the timelines")).SelectMany(ids => ids).ToArray();

        taken.Distinct().Count().ShouldBe(taken.Length, "none twice");
        taken = [.. taken, .. await right.TakeUpAsync(before, now, 100, CancellationToken.None)];
        taken.Length.ShouldBe(100);
    }

    [SkippableFact]
    public async Task User_who_comes_and_goes_at_both_at_once_is_online_as_long_as_they_are_at_one()
    {
        var (left, right) = (await PresenceAsync(Store, "left"), await PresenceAsync(_second, "right"));
        for (var round = 1; round <= 100; round++)
        {
            await Task.WhenAll(
                left.Presence.SaveAsync([new PresenceRecord(Ann, round % 2 == 0, Now + round)], CancellationToken.None),
                right.Presence.SaveAsync([new PresenceRecord(Ann, round % 3 == 0, Now - round)], CancellationToken.None)).Within("both");

            var online = await _second.Contents.ReadAsync(StoredTable.All.Single(table => table.Name == "presence"));
            online.ShouldHaveSingleItem().ShouldBe([StoredId.Of(Ann), round % 2 == 0 || round % 3 == 0 ? 1L : 0L, Now + round]);
        }
    }

    [SkippableFact]
    public async Task Users_of_a_dead_node_are_recovered_once_by_several_at_once()
    {
        var dead = await PresenceAsync(Store, "dead");
        var living = await PresenceAsync(_second, "living");
        UserId[] users = [.. Enumerable.Range(1, 2_500).Select(i => new UserId($"{i}"))];
        await dead.Presence.SaveAsync([.. users.Select(user => new PresenceRecord(user, true, Now))], CancellationToken.None);
        await dead.Presence.MarkAliveAsync(Now + 9, CancellationToken.None);
        await living.Presence.SaveAsync([.. users.Take(500).Select(user => new PresenceRecord(user, true, Now))], CancellationToken.None);

        var recovered = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
            () => Both[i % 2].Records.RecoverAsync([dead.Node], Now + 30, CancellationToken.None)))).Within("the recoveries");

        recovered.Sum().ShouldBe(2_000);
        (await Store.Reviews.PeekAsync(Now + 30)).ShouldBe(users.Skip(500), ignoreOrder: true);
        (await living.Presence.LoadAsync(users, CancellationToken.None)).Values.ShouldAllBe(at => at == Now + 9);
        (await Store.Records.RecoverAsync([dead.Node], Now + 30, CancellationToken.None)).ShouldBe(0);
        (await Store.Records.ListAsync(CancellationToken.None)).ShouldNotContain(dead.Node.Node);
    }

    private static async Task<(NodeLease Node, IPresenceStore Presence)> PresenceAsync(ChatStore store, string holder)
    {
        var node = await store.Leases.AcquireAsync(holder, CancellationToken.None);
        return (node, store.PresenceOf(node));
    }

    private static async Task<bool> TryAppendAsync(IEventStore events, params JournalRow[] rows)
    {
        try
        {
            await events.AppendAsync(rows);
            return true;
        }
        catch (JournalConflictException)
        {
            return false;
        }
    }

    private Task<NodeLease[]> AcquireTwentyAsync(string name) => Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
        Task.Run(() => Both[i % 2].Leases.AcquireAsync($"{name} {i}", CancellationToken.None)))).Within("the leases");
}
