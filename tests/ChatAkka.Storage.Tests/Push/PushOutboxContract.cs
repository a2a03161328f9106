using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Push;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Push;

/// <summary>What every outbox must do: one push a user and channel from the message until the user returns, across restarts.</summary>
public abstract class PushOutboxContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Ann = new("101");
    private static readonly UserId Bob = new("102");
    private static readonly ChannelId Group = new("7001");
    private static readonly ChannelId Direct = new("101-102");

    private static readonly NodeLease Node = Peeks.Node;
    private static readonly NodeLease Other = new(8, "another node of the test", long.MaxValue);

    private IPushOutbox Outbox => Store.Outbox;

    private IPushQueue Pushes => Store.PushesOf(Node);

    private IPushQueue Others => Store.PushesOf(Other);

    [SkippableFact]
    public async Task Push_is_due_from_the_time_of_its_message()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));

        (await DueAsync(Now - 1)).ShouldBeEmpty();
        var push = (await DueAsync(Now)).ShouldHaveSingleItem();
        (push.User, push.Channel, push.MessageId, push.At, push.Attempts).ShouldBe((Ann, Group, 17, Now, 0));
    }

    [SkippableFact]
    public async Task User_and_channel_that_have_a_push_keep_the_first()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Ann, Group, 18, Now), new(Bob, Group, 17, Now));
        await AddAsync(new(Ann, Group, 19, Now - 5), new(Ann, Direct, 3, Now));

        (await DueAsync(Now)).Select(push => (push.User, push.Channel, push.MessageId))
            .ShouldBe([(Ann, Group, 17), (Bob, Group, 17), (Ann, Direct, 3)]);
    }

    [SkippableFact]
    public async Task Push_that_was_sent_keeps_its_channel_from_another_until_the_user_returns()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Ann, Direct, 3, Now));
        await Pushes.SentAsync((await DueAsync(Now))[0].Id, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        (await DueAsync(Now)).ShouldHaveSingleItem().Channel.ShouldBe(Direct);
        (await Outbox.ListAsync(Ann, CancellationToken.None)).ShouldBe([Group, Direct], ignoreOrder: true);

        await Outbox.ClearAsync(Ann, CancellationToken.None);
        (await Outbox.ListAsync(Ann, CancellationToken.None)).ShouldBeEmpty();
        (await DueAsync(Now)).ShouldBeEmpty();

        await AddAsync(new PushRequest(Ann, Group, 19, Now));
        (await DueAsync(Now)).ShouldHaveSingleItem().MessageId.ShouldBe(19);
    }

    [SkippableFact]
    public async Task Clear_leaves_the_pushes_of_other_users()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Bob, Group, 17, Now));

        await Outbox.ClearAsync(Ann, CancellationToken.None);

        (await DueAsync(Now)).ShouldHaveSingleItem().User.ShouldBe(Bob);
    }

    [SkippableFact]
    public async Task Due_pushes_come_longest_due_first_and_no_more_than_asked_for()
    {
        await AddAsync(new(Ann, Group, 1, Now), new(Ann, Direct, 2, Now - 10), new(Bob, Group, 3, Now - 10), new(Bob, Direct, 4, Now + 1));

        (await DueAsync(Now)).Select(push => push.MessageId).ShouldBe([2, 3, 1]);
        (await DueAsync(Now, limit: 2)).Select(push => push.MessageId).ShouldBe([2, 3]);
    }

    [SkippableFact]
    public async Task Next_due_passes_over_what_is_due_already_and_what_is_done()
    {
        await AddAsync(new(Ann, Group, 1, Now), new(Ann, Direct, 2, Now + 10), new(Bob, Group, 3, Now + 20));
        (await Pushes.NextDueAsync(Now, CancellationToken.None)).ShouldBe(Now + 10);

        await Pushes.SentAsync((await DueAsync(Now + 10))[1].Id, CancellationToken.None);
        (await Pushes.NextDueAsync(Now, CancellationToken.None)).ShouldBe(Now + 20);
        (await Pushes.NextDueAsync(Now + 20, CancellationToken.None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Retry_counts_the_attempt_and_waits_for_its_time_under_the_same_delivery_id()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var first = (await DueAsync(Now)).ShouldHaveSingleItem();

        await Pushes.RetryAsync(first.Id, Now + 1_000, "status 503", CancellationToken.None);

        (await DueAsync(Now + 999)).ShouldBeEmpty();
        (await DueAsync(Now + 1_000)).ShouldBe([first with { Attempts = 1 }]);
    }

    [SkippableFact]
    public async Task Claimed_push_is_nobody_elses_until_the_claim_ends()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Bob, Group, 17, Now + 1));
        var claimed = await ClaimAsync(Pushes, Now, Now + 1_000);
        claimed.ShouldHaveSingleItem().User.ShouldBe(Ann);

        (await ClaimAsync(Pushes, Now, Now + 1_000)).ShouldBeEmpty("not even the node's that has it");
        (await ClaimAsync(Others, Now + 999, Now + 1_000)).ShouldHaveSingleItem().User.ShouldBe(Bob);
        (await ClaimAsync(Others, Now + 1_000, Now + 2_000)).ShouldContain(claimed[0]);
    }

    [SkippableFact]
    public async Task Claim_that_has_gone_to_another_leaves_the_former_only_to_say_that_it_was_sent()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Bob, Group, 17, Now));
        var claimed = await ClaimAsync(Pushes, Now, Now + 1_000);
        await ClaimAsync(Others, Now + 1_000, Now + 2_000);

        await Pushes.ReleaseAsync(claimed[0].Id, CancellationToken.None);
        await Pushes.RetryAsync(claimed[0].Id, Now + 5_000, "late", CancellationToken.None);
        await Pushes.DeadAsync(claimed[0].Id, "late", Now, CancellationToken.None);
        (await DueAsync(Now + 1_999)).ShouldBeEmpty();
        (await Tested.DeadLettersAsync()).ShouldBeEmpty();

        await Pushes.SentAsync(claimed[0].Id, CancellationToken.None);
        (await DueAsync(Now + 2_000)).ShouldBe([claimed[1]]);
    }

    [SkippableFact]
    public async Task Released_push_may_be_claimed_at_once_and_counts_no_attempt()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var claimed = await ClaimAsync(Pushes, Now, Now + 1_000);

        await Pushes.ReleaseAsync(claimed[0].Id, CancellationToken.None);

        (await ClaimAsync(Others, Now, Now + 1_000)).ShouldBe(claimed);
    }

    [SkippableFact]
    public async Task Push_that_has_an_outcome_is_claimed_by_nobody()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var claimed = await ClaimAsync(Pushes, Now, Now + 60_000);

        await Pushes.RetryAsync(claimed[0].Id, Now + 1_000, "status 503", CancellationToken.None);

        (await ClaimAsync(Others, Now + 1_000, Now + 2_000)).ShouldBe([claimed[0] with { Attempts = 1 }]);
    }

    [SkippableFact]
    public async Task User_who_returns_takes_a_claimed_push_along()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        await ClaimAsync(Pushes, Now, Now + 1_000);

        await Outbox.ClearAsync(Ann, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        (await ClaimAsync(Others, Now, Now + 1_000)).ShouldHaveSingleItem().MessageId.ShouldBe(18);
    }

    [SkippableFact]
    public async Task Claim_is_respected_after_a_restart()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var claimed = await ClaimAsync(Pushes, Now, Now + 1_000);

        await Tested.ReopenAsync();

        (await ClaimAsync(Others, Now + 999, Now + 1_000)).ShouldBeEmpty();
        (await ClaimAsync(Others, Now + 1_000, Now + 2_000)).ShouldBe(claimed);
    }

    [SkippableFact]
    public async Task Outcome_of_a_push_that_is_gone_touches_no_other()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var gone = (await DueAsync(Now)).ShouldHaveSingleItem();
        await Outbox.ClearAsync(Ann, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        await Pushes.SentAsync(gone.Id, CancellationToken.None);
        await Pushes.RetryAsync(gone.Id, Now + 1_000, "late", CancellationToken.None);
        await Pushes.DeadAsync(gone.Id, "late", Now, CancellationToken.None);

        var push = (await DueAsync(Now)).ShouldHaveSingleItem();
        (push.MessageId, push.Attempts).ShouldBe((18, 0));
        push.DeliveryId.ShouldNotBe(gone.DeliveryId);
        (await Tested.DeadLettersAsync()).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Dead_push_is_kept_with_its_facts_and_keeps_its_channel_from_another()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var push = (await DueAsync(Now)).ShouldHaveSingleItem();
        await Pushes.RetryAsync(push.Id, Now, "status 503", CancellationToken.None);

        await DueAsync(Now);
        await Pushes.DeadAsync(push.Id, "status 410", Now + 5, CancellationToken.None);
        await Pushes.DeadAsync(push.Id, "again", Now + 6, CancellationToken.None);
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        (await DueAsync(Now + 10)).ShouldBeEmpty();
        (await Outbox.ListAsync(Ann, CancellationToken.None)).ShouldBe([Group]);
        (await Tested.DeadLettersAsync()).ShouldBe([new DeadLetter(push.Id, Ann, Group, 17, Now, 2, "status 410", Now + 5)]);
    }

    [SkippableFact]
    public async Task Dead_letters_are_bounded_and_the_newest_stay()
    {
        const int extra = 25;
        PushRequest[] requests =
        [
            .. Enumerable.Range(1, DeadLetter.Kept + extra).Select(n => new PushRequest(new UserId($"{1_000_000 + n}"), Group, n, Now)),
        ];
        await AddAsync(requests);
        var due = await DueAsync(Now, requests.Length);

        await Task.WhenAll(due.Select(push => Pushes.DeadAsync(push.Id, "status 410", Now, CancellationToken.None)))
            .Within("all to be given up");

        (await Tested.DeadLettersAsync()).Select(letter => letter.MessageId)
            .ShouldBe(Enumerable.Range(extra + 1, DeadLetter.Kept).Select(n => (long)n), ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Clear_takes_what_was_added_before_it_was_called()
    {
        for (var round = 0; round < 50; round++)
        {
            var add = AddAsync(new PushRequest(Ann, Group, 17, Now));
            var clear = Outbox.ClearAsync(Ann, CancellationToken.None);
            await Task.WhenAll(add, clear).Within("both writes");

            (await Outbox.ListAsync(Ann, CancellationToken.None)).ShouldBeEmpty();
        }
    }

    [SkippableFact]
    public async Task Everything_survives_a_restart()
    {
        await AddAsync(new(Ann, Group, 17, Now), new(Ann, Direct, 3, Now), new(Bob, Group, 17, Now));
        var before = await DueAsync(Now);
        await Pushes.SentAsync(before[0].Id, CancellationToken.None);
        await Pushes.RetryAsync(before[1].Id, Now + 1_000, "timeout", CancellationToken.None);

        await Tested.ReopenAsync();

        (await DueAsync(Now)).ShouldBe([before[2]]);
        (await DueAsync(Now + 1_000)).ShouldBe([before[2], before[1] with { Attempts = 1 }]);
        (await Outbox.ListAsync(Ann, CancellationToken.None)).ShouldBe([Group, Direct], ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Delivery_id_of_a_push_that_is_gone_does_not_come_back_with_a_restart()
    {
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        var first = (await DueAsync(Now)).ShouldHaveSingleItem().DeliveryId;
        await Outbox.ClearAsync(Ann, CancellationToken.None);
        await Tested.ReopenAsync();
        await AddAsync(new PushRequest(Ann, Group, 18, Now));

        var second = (await DueAsync(Now)).ShouldHaveSingleItem().DeliveryId;

        second.ShouldNotBe(first);
        second.Split('-')[0].ShouldBe(first.Split('-')[0], "both are this store's");
        (await Store.GetIdentityAsync(CancellationToken.None)).ShouldBe(first.Split('-')[0]);
        first.Split('-')[0].Length.ShouldBe(16);
    }

    [SkippableFact]
    public async Task Two_stores_have_no_delivery_id_in_common()
    {
        await using var other = new TStore();
        await other.OpenAsync(Options, Time);
        var elsewhere = other.Store.PushesOf(Node);
        await AddAsync(new PushRequest(Ann, Group, 17, Now));
        await other.Store.Outbox.AddAsync([new PushRequest(Ann, Group, 17, Now)], CancellationToken.None);

        var here = (await DueAsync(Now)).ShouldHaveSingleItem();
        var there = (await elsewhere.PeekAsync(Now)).ShouldHaveSingleItem();

        there.Id.ShouldBe(here.Id);
        there.DeliveryId.ShouldNotBe(here.DeliveryId);
        (await other.Store.GetIdentityAsync(CancellationToken.None)).ShouldNotBe(await Store.GetIdentityAsync(CancellationToken.None));
    }

    private Task AddAsync(params PushRequest[] requests) => Outbox.AddAsync(requests, CancellationToken.None);

    private Task<IReadOnlyList<PendingPush>> DueAsync(long now, int limit = 100) =>
        Pushes.PeekAsync(now, limit);

    private Task<IReadOnlyList<PendingPush>> ClaimAsync(IPushQueue pushes, long now, long until) =>
        pushes.ClaimDueAsync(now, until, 100, CancellationToken.None);
}
