using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class AnnotatingTests
{
    private readonly TestChannel _channel = GroupOf(Ann, Bob, Cid);

    public AnnotatingTests() => _channel.Do(Post(Group, Bob, "a"));

    [Fact]
    public void Edit_of_an_own_message_is_an_event_and_changes_the_fold()
    {
        _channel.Now = 5_000;

        Do(new EditMessage(Group, Bob, 7, 2, "better")).ShouldBe(3);

        _channel.Timeline[2].ShouldBe(new MessageEdited(3, 1, 5_000, Bob, 2, "better"));
        Folded().ShouldSatisfyAllConditions(
            m => m.Text.ShouldBe("better"),
            m => m.EditedAt.ShouldBe(5_000),
            m => m.Deleted.ShouldBeFalse());
    }

    [Fact]
    public void Edit_repeated_is_the_first_one()
    {
        Do(new EditMessage(Group, Bob, 7, 2, "better")).ShouldBe(3);
        Do(new EditMessage(Group, Bob, 7, 2, "better")).ShouldBe(3);
        Do(new EditMessage(Group, Bob, 7, 2, "best")).ShouldBe(4);
        Do(new EditMessage(Group, Bob, 7, 2, "better")).ShouldBe(5);
        _channel.Timeline.Count.ShouldBe(5);
    }

    [Fact]
    public void Edit_to_the_text_as_it_was_posted_is_the_message_itself()
    {
        Do(new EditMessage(Group, Bob, 7, 2, "text of a")).ShouldBe(2);
        Folded().EditedAt.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void What_is_no_message_cannot_be_annotated(long target)
    {
        foreach (var command in All(Ann, target))
        {
            _channel.Do(command).ShouldBeRefused(Refusal.MessageNotFound);
        }
    }

    [Fact]
    public void An_annotation_is_no_message()
    {
        Do(new EditMessage(Group, Bob, 7, 2, "better"));
        foreach (var command in All(Bob, 3))
        {
            _channel.Do(command).ShouldBeRefused(Refusal.MessageNotFound);
        }

        _channel.Do(Post(Group, Bob, "b", replyTo: 3)).ShouldBeRefused(Refusal.MessageNotFound);
    }

    [Fact]
    public void Edit_is_for_the_author_only()
    {
        _channel.Do(new EditMessage(Group, Ann, 7, 2, "mine")).ShouldBeRefused(Refusal.NotAllowed);
        _channel.Do(new EditMessage(Group, Cid, 7, 2, "mine")).ShouldBeRefused(Refusal.NotAllowed);
    }

    [Fact]
    public void Deletion_is_for_the_author_and_for_those_who_manage()
    {
        _channel.Do(new DeleteMessage(Group, Cid, 7, 2)).ShouldBeRefused(Refusal.NotAllowed);
        Do(new DeleteMessage(Group, Ann, 7, 2)).ShouldBe(3);
        Do(new DeleteMessage(Group, Bob, 7, 2)).ShouldBe(3);
        _channel.Do(new DeleteMessage(Group, Cid, 7, 2)).ShouldBeRefused(Refusal.NotAllowed);
    }

    [Fact]
    public void Nobody_deletes_the_other_ones_message_in_a_direct_channel()
    {
        var direct = DirectOfAnnAndBob();
        direct.Do(Post(Direct, Ann, "a"));

        direct.Do(new DeleteMessage(Direct, Bob, 7, 2)).ShouldBeRefused(Refusal.NotAllowed);
        direct.Do(new DeleteMessage(Direct, Ann, 7, 2)).ShouldBe(new Annotated(Direct, 7, 3));
    }

    [Fact]
    public void Deleted_message_says_nothing_and_takes_nothing_more()
    {
        Do(new EditMessage(Group, Bob, 7, 2, "better"));
        Do(new AddReaction(Group, Cid, 7, 2, "👍"));
        Do(new DeleteMessage(Group, Bob, 7, 2));

        Folded().ShouldSatisfyAllConditions(
            m => m.Text.ShouldBe(""),
            m => m.Deleted.ShouldBeTrue(),
            m => m.EditedAt.ShouldBe(0),
            m => m.Reactions.ShouldBeEmpty());
        _channel.Do(new EditMessage(Group, Bob, 7, 2, "back")).ShouldBeRefused(Refusal.MessageNotFound);
        _channel.Do(new AddReaction(Group, Bob, 7, 2, "👍")).ShouldBeRefused(Refusal.MessageNotFound);
        _channel.Do(new RemoveReaction(Group, Cid, 7, 2, "👍")).ShouldBeRefused(Refusal.MessageNotFound);
    }

    [Fact]
    public void Reactions_are_grouped_by_emoji_in_the_order_in_which_they_came()
    {
        Do(new AddReaction(Group, Cid, 7, 2, "🎉"));
        Do(new AddReaction(Group, Ann, 7, 2, "👍"));
        Do(new AddReaction(Group, Bob, 7, 2, "🎉"));

        Folded().Reactions.Select(r => $"{r.Emoji} {string.Join(',', r.Users)}").ShouldBe([$"🎉 {Cid},{Bob}", $"👍 {Ann}"]);
    }

    [Fact]
    public void Reaction_repeated_is_the_first_one_until_it_is_taken_back()
    {
        Do(new AddReaction(Group, Cid, 7, 2, "👍")).ShouldBe(3);
        Do(new AddReaction(Group, Cid, 7, 2, "👍")).ShouldBe(3);
        Do(new RemoveReaction(Group, Cid, 7, 2, "👍")).ShouldBe(4);
        Do(new RemoveReaction(Group, Cid, 7, 2, "👍")).ShouldBe(4);
        Folded().Reactions.ShouldBeEmpty();
        Do(new AddReaction(Group, Cid, 7, 2, "👍")).ShouldBe(5);
    }

    [Fact]
    public void What_comes_late_undoes_nothing_that_was_done_after_its_repeat()
    {
        Do(new AddReaction(Group, Bob, 7, 2, "👍", Seen: 2)).ShouldBe(3);
        Do(new RemoveReaction(Group, Bob, 7, 2, "👍", Seen: 3)).ShouldBe(4);
        _channel.Do(new AddReaction(Group, Bob, 7, 2, "👍", Seen: 2)).ShouldBeRefused(Refusal.Outdated);
        Do(new AddReaction(Group, Bob, 7, 2, "👍", Seen: 4)).ShouldBe(5);
        _channel.Do(new RemoveReaction(Group, Bob, 7, 2, "👍", Seen: 3)).ShouldBeRefused(Refusal.Outdated);
        Do(new EditMessage(Group, Bob, 7, 2, "better", Seen: 5)).ShouldBe(6);
        Do(new EditMessage(Group, Bob, 7, 2, "best", Seen: 6)).ShouldBe(7);
        _channel.Do(new EditMessage(Group, Bob, 7, 2, "better", Seen: 5)).ShouldBeRefused(Refusal.Outdated);
        _channel.Timeline.Count.ShouldBe(7);
    }

    [Fact]
    public void What_is_so_already_is_never_too_late()
    {
        Do(new AddReaction(Group, Bob, 7, 2, "👍", Seen: 2)).ShouldBe(3);
        Do(new AddReaction(Group, Bob, 7, 2, "👍", Seen: 2)).ShouldBe(3);
        Do(new EditMessage(Group, Bob, 7, 2, "better", Seen: 2)).ShouldBe(4);
        Do(new EditMessage(Group, Bob, 7, 2, "better", Seen: 2)).ShouldBe(4);
    }

    [Fact]
    public void What_others_have_done_meanwhile_makes_nothing_late()
    {
        Do(new AddReaction(Group, Ann, 7, 2, "👍"));
        Do(new RemoveReaction(Group, Ann, 7, 2, "👍"));
        Do(new AddReaction(Group, Bob, 7, 2, "👍", Seen: 2)).ShouldBe(5);
        Do(new AddReaction(Group, Bob, 7, 2, "🎉", Seen: 2)).ShouldBe(6);
        Do(new EditMessage(Group, Bob, 7, 2, "better", Seen: 2)).ShouldBe(7);
    }

    [Fact]
    public void Reaction_that_never_was_cannot_be_taken_back() =>
        _channel.Do(new RemoveReaction(Group, Cid, 7, 2, "👍")).ShouldBeRefused(Refusal.MessageNotFound);

    [Fact]
    public void Message_bears_fifty_different_emoji()
    {
        for (var i = 0; i < 50; i++)
        {
            Do(new AddReaction(Group, Cid, 7, 2, $"e{i}"));
        }

        _channel.Do(new AddReaction(Group, Cid, 7, 2, "one more")).ShouldBeRefused(Refusal.NotAllowed);
        Do(new AddReaction(Group, Bob, 7, 2, "e0")).ShouldBe(53);
    }

    [Fact]
    public void Message_far_back_is_read_and_nothing_else()
    {
        for (var i = 0; i < 600; i++)
        {
            _channel.Do(Post(Group, Ann, $"m{i}"));
        }

        _channel.Asked.Clear();
        Do(new EditMessage(Group, Bob, 7, 2, "better"));
        _channel.Asked.ShouldBe([new IdRange(2, 2)]);
    }

    [Fact]
    public void Facts_of_another_message_are_asked_for_again()
    {
        var facts = new Facts([], [_channel.Timeline[1]], 1, []);
        var decision = Channel.Decide(_channel.State, new EditMessage(Group, Bob, 7, 2, "x"), new DecisionContext(1, 100, null, facts));
        decision.ShouldBeOfType<Undecided>().Target.ShouldBe(2);
    }

    [Theory]
    [InlineData("👍", true)]
    [InlineData("👨‍👩‍👧‍👦", true)]
    [InlineData(":+1:", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    public void Emoji_is_valid(string? text, bool valid) => Emoji.IsValid(text).ShouldBe(valid);

    [Fact]
    public void Emoji_has_at_most_32_code_points_and_no_half_ones()
    {
        Emoji.IsValid("\ud83d").ShouldBeFalse();
        Emoji.IsValid(string.Concat(Enumerable.Repeat("👍", 32))).ShouldBeTrue();
        Emoji.IsValid(string.Concat(Enumerable.Repeat("👍", 33))).ShouldBeFalse();
    }

    private static AnnotateMessage[] All(UserId by, long target) =>
    [
        new EditMessage(Group, by, 7, target, "x"),
        new DeleteMessage(Group, by, 7, target),
        new AddReaction(Group, by, 7, target, "👍"),
        new RemoveReaction(Group, by, 7, target, "👍"),
    ];

    private long Do(AnnotateMessage command) => _channel.Do(command).ShouldBeOfType<Annotated>().Id;

    private FoldedMessage Folded() => FoldedMessage.Of((MessagePosted)_channel.Timeline[1], _channel.Timeline.OfType<Annotation>());
}
