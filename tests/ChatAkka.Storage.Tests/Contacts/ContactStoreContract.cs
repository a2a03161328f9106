using System.Globalization;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Contacts;

/// <summary>What every store of friends and blocks must do.</summary>
public abstract class ContactStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Minji = new("1001"), Jisoo = new("1002"), Hana = new("9223372036854775807"), Nobody = new("5");

    private IContactStore Contacts => Store.Contacts;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var user in new[] { Minji, Jisoo, Hana })
        {
            await SignUpAsync(user);
        }
    }

    [SkippableFact]
    public async Task Request_is_pending_on_both_sides_until_the_other_accepts()
    {
        (await BefriendAsync(Hana, Minji, Now)).ShouldBe(Relation.None with { State = FriendState.PendingOut, Since = Now });

        (await Contacts.ListFriendsAsync(Hana, CancellationToken.None)).Single().ShouldBe(
            new Friend(Minji, "name1001", "Name 1001", FriendState.PendingOut, Now));
        (await Contacts.ListFriendsAsync(Minji, CancellationToken.None)).Single().ShouldBe(
            new Friend(Hana, $"name{Hana}", $"Name {Hana}", FriendState.PendingIn, Now));
        (await BefriendAsync(Hana, Minji, Now + 1)).Since.ShouldBe(Now, "asking twice changes nothing");

        (await BefriendAsync(Minji, Hana, Now + 2)).ShouldBe(Relation.None with { State = FriendState.Friends, Since = Now + 2 });
        (await StatesAsync(Hana)).ShouldBe([(Minji, FriendState.Friends, Now + 2)]);
        (await StatesAsync(Minji)).ShouldBe([(Hana, FriendState.Friends, Now + 2)]);
    }

    [SkippableFact]
    public async Task Unfriend_withdraws_declines_and_ends()
    {
        await BefriendAsync(Minji, Jisoo, Now);
        (await RequestAsync(Minji, Jisoo, ContactRequest.Unfriend)).ShouldBe(new ContactSettled(Relation.None));
        (await StatesAsync(Jisoo)).ShouldBeEmpty();

        await BefriendAsync(Minji, Jisoo, Now);
        await RequestAsync(Jisoo, Minji, ContactRequest.Unfriend);
        (await StatesAsync(Minji)).ShouldBeEmpty();

        await BefriendAsync(Minji, Jisoo, Now);
        await BefriendAsync(Jisoo, Minji, Now);
        await RequestAsync(Minji, Jisoo, ContactRequest.Unfriend);
        (await StatesAsync(Jisoo)).ShouldBeEmpty();
        (await RequestAsync(Minji, Jisoo, ContactRequest.Unfriend)).ShouldBe(new ContactSettled(Relation.None));
    }

    [SkippableFact]
    public async Task Block_ends_the_friendship_and_is_seen_from_both_sides()
    {
        await BefriendAsync(Minji, Jisoo, Now);
        await BefriendAsync(Jisoo, Minji, Now);

        await RequestAsync(Jisoo, Minji, ContactRequest.Block, Now + 5);

        (await StatesAsync(Minji)).ShouldBeEmpty();
        (await Contacts.ListBlocksAsync(Jisoo, CancellationToken.None)).Single().ShouldBe(
            new BlockedUser(Minji, "name1001", "Name 1001", Now + 5));
        (await Contacts.ListBlocksAsync(Minji, CancellationToken.None)).ShouldBeEmpty();
        (await Contacts.FindBlocksAsync(Minji, Jisoo)).ShouldBe(new BlockState(BySmaller: false, ByLarger: true));
        (await RequestAsync(Minji, Jisoo, ContactRequest.Befriend)).ShouldBe(new ContactRefused(ContactRefusal.Blocked));
        (await RequestAsync(Jisoo, Minji, ContactRequest.Befriend)).ShouldBe(new ContactRefused(ContactRefusal.Blocking));

        await RequestAsync(Minji, Jisoo, ContactRequest.Block);
        await RequestAsync(Jisoo, Minji, ContactRequest.Unblock);
        (await Contacts.FindBlocksAsync(Minji, Jisoo)).ShouldBe(new BlockState(BySmaller: true, ByLarger: false));
        await RequestAsync(Minji, Jisoo, ContactRequest.Unblock);
        (await Contacts.FindBlocksAsync(Minji, Jisoo)).ShouldBe(default);
        (await BefriendAsync(Minji, Jisoo, Now)).State.ShouldBe(FriendState.PendingOut);
    }

    [SkippableFact]
    public async Task Lists_have_the_newest_first()
    {
        await BefriendAsync(Minji, Jisoo, Now + 1);
        await BefriendAsync(Minji, Hana, Now + 2);
        (await StatesAsync(Minji)).Select(friend => friend.User).ShouldBe([Hana, Jisoo]);

        await BefriendAsync(Jisoo, Minji, Now + 3);
        (await StatesAsync(Minji)).Select(friend => friend.User).ShouldBe([Jisoo, Hana]);

        await RequestAsync(Minji, Hana, ContactRequest.Block, Now + 4);
        await RequestAsync(Minji, Jisoo, ContactRequest.Block, Now + 5);
        (await Contacts.ListBlocksAsync(Minji, CancellationToken.None)).Select(blocked => blocked.User).ShouldBe([Jisoo, Hana]);
    }

    [SkippableFact]
    public async Task Among_many_the_friends_and_the_blockers_are_found()
    {
        UserId[] strangers = [.. Enumerable.Range(5_000, 1_200).Select(User)];
        await BefriendAsync(Minji, Jisoo, Now);
        await BefriendAsync(Hana, Jisoo, Now);
        await BefriendAsync(Jisoo, Hana, Now);

        // A request isn't enough.
        (await Contacts.FriendsAmongAsync(Jisoo, [.. strangers, Minji, Hana, Hana, Jisoo])).ShouldBe([Hana]);
        (await Contacts.FriendsAmongAsync(Hana, [Jisoo, Minji])).ShouldBe([Jisoo]);
        (await Contacts.FriendsAmongAsync(Hana, [])).ShouldBeEmpty();

        await RequestAsync(Minji, Jisoo, ContactRequest.Block);
        await RequestAsync(Jisoo, Hana, ContactRequest.Block);
        (await Contacts.BlockersAmongAsync(Jisoo, [.. strangers, Minji, Hana])).ShouldBe([Minji]);
        (await Contacts.BlockersAmongAsync(Minji, [Jisoo, Hana])).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task What_was_answered_is_there_after_a_restart()
    {
        await BefriendAsync(Minji, Jisoo, Now);
        await RequestAsync(Hana, Minji, ContactRequest.Block, Now + 1);

        await Tested.ReopenAsync();

        (await StatesAsync(Jisoo)).ShouldBe([(Minji, FriendState.PendingIn, Now)]);
        (await Contacts.FindBlocksAsync(Minji, Hana)).ShouldBe(new BlockState(BySmaller: false, ByLarger: true));
    }

    [SkippableTheory]
    [InlineData(ContactRequest.Befriend)]
    [InlineData(ContactRequest.Unfriend)]
    [InlineData(ContactRequest.Block)]
    [InlineData(ContactRequest.Unblock)]
    public async Task Request_about_nobody_stores_nothing(ContactRequest request)
    {
        (await RequestAsync(Minji, Nobody, request)).ShouldBe(new ContactRefused(ContactRefusal.UserNotFound));
        await Should.ThrowAsync<ArgumentException>(() => RequestAsync(Minji, Minji, request));
    }

    [SkippableFact]
    public async Task Two_who_ask_each_other_at_once_are_friends()
    {
        for (var round = 0; round < 50; round++)
        {
            var replies = await Task.WhenAll(
                RequestAsync(Minji, Jisoo, ContactRequest.Befriend),
                RequestAsync(Jisoo, Minji, ContactRequest.Befriend, Now + 1)).Within("both requests");

            replies.Select(reply => ((ContactSettled)reply).Relation.State).Order().ShouldBe([FriendState.PendingOut, FriendState.Friends]);
            (await StatesAsync(Minji)).Single().State.ShouldBe(FriendState.Friends);
            (await StatesAsync(Jisoo)).Single().State.ShouldBe(FriendState.Friends);
            await RequestAsync(Minji, Jisoo, ContactRequest.Unfriend);
        }
    }

    [SkippableFact]
    public async Task Racing_requests_never_leave_a_friendship_beside_a_block()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => random.Next(2) == 0
                ? RequestAsync(Minji, Jisoo, (ContactRequest)random.Next(4))
                : RequestAsync(Jisoo, Minji, (ContactRequest)random.Next(4)))).Within("a round of requests");

            var blocks = await Contacts.FindBlocksAsync(Minji, Jisoo);
            var states = await StatesAsync(Minji);
            if (blocks != default)
            {
                states.ShouldBeEmpty();
            }

            (await StatesAsync(Jisoo)).Select(friend => friend.State).ShouldBe(states.Select(friend => friend.State switch
            {
                FriendState.PendingIn => FriendState.PendingOut,
                FriendState.PendingOut => FriendState.PendingIn,
                var state => state,
            }));
        }
    }

    [SkippableFact]
    public async Task Racing_requests_never_exceed_the_limits()
    {
        // Two short of both limits. Where a change holds both accounts until it is on disk, that is an fsync for each.
        UserId[] many = [.. Enumerable.Range(20_001, ContactRules.MaxFriends - 2).Select(User)];
        UserId[] more = [.. Enumerable.Range(25_001, 8).Select(User)];
        await Task.WhenAll(many.Concat(more).Select(SignUpAsync)).Within("the accounts");
        await Task.WhenAll(many.Select(other => RequestAsync(other, Minji, ContactRequest.Befriend))).Within("the requests", seconds: 300);
        await Task.WhenAll(many.Select(other => RequestAsync(Hana, other, ContactRequest.Block))).Within("the blocks", seconds: 300);

        var asked = await Task.WhenAll(more.Select(other => RequestAsync(Minji, other, ContactRequest.Befriend)));
        var blocked = await Task.WhenAll(more.Select(other => RequestAsync(Hana, other, ContactRequest.Block)));

        asked.OfType<ContactSettled>().Count().ShouldBe(2);
        asked.OfType<ContactRefused>().ShouldAllBe(refused => refused.Reason == ContactRefusal.TooManyFriends);
        (await RequestAsync(Jisoo, Minji, ContactRequest.Befriend)).ShouldBe(new ContactRefused(ContactRefusal.OtherHasTooManyFriends));
        (await BefriendAsync(Minji, many[0], Now)).State.ShouldBe(FriendState.Friends, "accepting takes no room");
        (await StatesAsync(Minji)).Count().ShouldBe(ContactRules.MaxFriends);
        blocked.OfType<ContactSettled>().Count().ShouldBe(2);
        blocked.OfType<ContactRefused>().ShouldAllBe(refused => refused.Reason == ContactRefusal.TooManyBlocks);
        (await Contacts.ListBlocksAsync(Hana, CancellationToken.None)).Count.ShouldBe(ContactRules.MaxBlocks);
    }

    private static UserId User(int id) => new(id.ToString(CultureInfo.InvariantCulture));

    private Task<bool> SignUpAsync(UserId user) => Store.Accounts.CreateAsync(
        new Account(user, $"name{user}", $"Name {user}", Now), "hash", CancellationToken.None);

    private Task<ContactReply> RequestAsync(UserId user, UserId other, ContactRequest request, long at = Now) =>
        Contacts.RequestAsync(user, other, request, at, CancellationToken.None);

    private async Task<Relation> BefriendAsync(UserId user, UserId other, long at) =>
        (await RequestAsync(user, other, ContactRequest.Befriend, at)).ShouldBeOfType<ContactSettled>().Relation;

    private async Task<IEnumerable<(UserId User, FriendState State, long Since)>> StatesAsync(UserId user) =>
        (await Contacts.ListFriendsAsync(user, CancellationToken.None)).Select(friend => (friend.User, friend.State, friend.Since));
}
