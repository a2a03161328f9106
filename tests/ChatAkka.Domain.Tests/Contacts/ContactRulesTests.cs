using ChatAkka.Domain.Contacts;
using FsCheck.Fluent;

namespace ChatAkka.Domain.Tests.Contacts;

public sealed class ContactRulesTests
{
    private const long Before = 1_000;
    private const long Now = 2_000;

    private static readonly ContactFacts Room = new(OtherExists: true, Friends: 0, OthersFriends: 0, Blocks: 0);

    [Theory]
    [InlineData(FriendState.None, FriendState.PendingOut, Now)]
    [InlineData(FriendState.PendingOut, FriendState.PendingOut, Before)]
    [InlineData(FriendState.PendingIn, FriendState.Friends, Now)]
    [InlineData(FriendState.Friends, FriendState.Friends, Before)]
    public void Befriend_asks_accepts_or_changes_nothing(FriendState from, FriendState to, long since) =>
        Settle(In(from), ContactRequest.Befriend).ShouldBe(Relation.None with { State = to, Since = since });

    [Theory]
    [InlineData(FriendState.None)]
    [InlineData(FriendState.PendingOut)]
    [InlineData(FriendState.PendingIn)]
    [InlineData(FriendState.Friends)]
    public void Unfriend_withdraws_declines_or_ends(FriendState from) =>
        Settle(In(from), ContactRequest.Unfriend).ShouldBe(Relation.None);

    [Theory]
    [InlineData(FriendState.None)]
    [InlineData(FriendState.PendingOut)]
    [InlineData(FriendState.PendingIn)]
    [InlineData(FriendState.Friends)]
    public void Block_ends_friendship_and_requests(FriendState from) =>
        Settle(In(from), ContactRequest.Block).ShouldBe(Relation.None with { BlockedSince = Now });

    [Fact]
    public void Block_of_a_blocked_user_keeps_its_time() =>
        Settle(Relation.None with { BlockedSince = Before }, ContactRequest.Block).BlockedSince.ShouldBe(Before);

    [Fact]
    public void Block_of_one_who_has_blocked_the_user_is_a_block_too() =>
        Settle(Relation.None with { IsBlocked = true }, ContactRequest.Block).ShouldBe(
            Relation.None with { BlockedSince = Now, IsBlocked = true });

    [Fact]
    public void Unblock_does_not_bring_a_friendship_back()
    {
        Settle(Settle(In(FriendState.Friends), ContactRequest.Block), ContactRequest.Unblock).ShouldBe(Relation.None);
        Settle(In(FriendState.Friends), ContactRequest.Unblock).ShouldBe(In(FriendState.Friends), "there was no block");
    }

    [Fact]
    public void Befriend_is_refused_where_one_has_blocked_the_other()
    {
        Refuse(Relation.None with { IsBlocked = true }, ContactRequest.Befriend).ShouldBe(ContactRefusal.Blocked);
        Refuse(Relation.None with { BlockedSince = Before }, ContactRequest.Befriend).ShouldBe(ContactRefusal.Blocking);
    }

    [Theory]
    [InlineData(ContactRequest.Befriend)]
    [InlineData(ContactRequest.Unfriend)]
    [InlineData(ContactRequest.Block)]
    [InlineData(ContactRequest.Unblock)]
    public void Request_about_nobody_is_refused(ContactRequest request) =>
        Refuse(Relation.None, request, Room with { OtherExists = false }).ShouldBe(ContactRefusal.UserNotFound);

    [Fact]
    public void Asking_beyond_the_limit_of_either_user_is_refused()
    {
        var full = Room with { Friends = ContactRules.MaxFriends };
        var othersFull = Room with { OthersFriends = ContactRules.MaxFriends };

        Refuse(Relation.None, ContactRequest.Befriend, full).ShouldBe(ContactRefusal.TooManyFriends);
        Refuse(Relation.None, ContactRequest.Befriend, othersFull).ShouldBe(ContactRefusal.OtherHasTooManyFriends);
        var last = full with { Friends = ContactRules.MaxFriends - 1 };
        Settle(Relation.None, ContactRequest.Befriend, last).State.ShouldBe(FriendState.PendingOut);
    }

    [Fact]
    public void Accepting_needs_no_room_that_the_request_had_not_taken()
    {
        var full = Room with { Friends = ContactRules.MaxFriends, OthersFriends = ContactRules.MaxFriends };

        Settle(In(FriendState.PendingIn), ContactRequest.Befriend, full).State.ShouldBe(FriendState.Friends);
    }

    [Fact]
    public void Blocking_beyond_the_limit_is_refused()
    {
        var full = Room with { Blocks = ContactRules.MaxBlocks };

        Refuse(Relation.None, ContactRequest.Block, full).ShouldBe(ContactRefusal.TooManyBlocks);
        Settle(Relation.None with { BlockedSince = Before }, ContactRequest.Block, full).BlockedSince.ShouldBe(Before);
        Settle(Relation.None with { BlockedSince = Before }, ContactRequest.Unblock, full).ShouldBe(Relation.None);
    }

    [Fact]
    public void Relation_never_holds_a_friendship_beside_a_block_and_every_request_is_idempotent() =>
        Check.ForAllSequences(
            Gen.Elements(Enum.GetValues<ContactRequest>()).Zip(Gen.Elements(true, false)),
            20,
            requests =>
            {
                var relation = Relation.None;
                long at = 1;
                foreach (var (request, bySelf) in requests)
                {
                    // The other one's requests are this one's, seen in a mirror that doesn't show when the other has blocked.
                    var side = bySelf ? relation : Mirror(relation);
                    if (ContactRules.Decide(side, request, Room, ++at) is not ContactSettled settled)
                    {
                        continue;
                    }

                    ContactRules.Decide(settled.Relation, request, Room, ++at).ShouldBe(settled);
                    relation = bySelf ? settled.Relation : Mirror(settled.Relation);
                    (relation.State != FriendState.None && (relation.IsBlocked || relation.BlockedSince is not null)).ShouldBeFalse();
                    (relation.State == FriendState.None).ShouldBe(relation.Since == 0);
                }
            });

    private static Relation Mirror(Relation relation) => new(
        relation.State switch
        {
            FriendState.PendingIn => FriendState.PendingOut,
            FriendState.PendingOut => FriendState.PendingIn,
            var state => state,
        },
        relation.Since,
        relation.IsBlocked ? 1 : null,
        relation.BlockedSince is not null);

    private static Relation In(FriendState state) => Relation.None with { State = state, Since = state == FriendState.None ? 0 : Before };

    private static Relation Settle(Relation from, ContactRequest request, ContactFacts? facts = null) =>
        ContactRules.Decide(from, request, facts ?? Room, Now).ShouldBeOfType<ContactSettled>().Relation;

    private static ContactRefusal Refuse(Relation from, ContactRequest request, ContactFacts? facts = null) =>
        ContactRules.Decide(from, request, facts ?? Room, Now).ShouldBeOfType<ContactRefused>().Reason;
}
