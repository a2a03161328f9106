using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class BlockingTests
{
    private static readonly BlockState BobHasBlockedAnn = new(BySmaller: false, ByLarger: true);

    [Fact]
    public void Blocked_user_can_not_open_the_direct_channel()
    {
        var channel = new TestChannel(Direct) { Blocks = BobHasBlockedAnn };

        channel.Do(new OpenDirect(Direct, Ann, 7)).ShouldBeRefused(Refusal.Blocked);
        channel.Do(Post(Direct, Ann, "a", mayOpen: true)).ShouldBeRefused(Refusal.Blocked);
        channel.Do(Post(Direct, Bob, "a", mayOpen: true)).ShouldBeOfType<Posted>();
    }

    [Fact]
    public void Blocked_user_can_say_nothing_in_an_open_channel_but_read_and_take_back()
    {
        var channel = DirectOfAnnAndBob();
        channel.Do(Post(Direct, Ann, "a"));
        channel.Do(new AddReaction(Direct, Ann, 7, 2, "👍"));
        channel.Blocks = BobHasBlockedAnn;

        channel.Do(Post(Direct, Ann, "b")).ShouldBeRefused(Refusal.Blocked);
        channel.Do(new OpenDirect(Direct, Ann, 7)).ShouldBeRefused(Refusal.Blocked);
        channel.Do(new EditMessage(Direct, Ann, 7, 2, "x")).ShouldBeRefused(Refusal.Blocked);
        channel.Do(new AddReaction(Direct, Ann, 7, 2, "🎉")).ShouldBeRefused(Refusal.Blocked);
        channel.Do(new GetChannel(Direct, Ann, 7)).ShouldBeOfType<ChannelInfo>();
        channel.Do(new RemoveReaction(Direct, Ann, 7, 2, "👍")).ShouldBeOfType<Annotated>();
        channel.Do(new DeleteMessage(Direct, Ann, 7, 2)).ShouldBeOfType<Annotated>();
        channel.Do(Post(Direct, Bob, "c")).ShouldBeOfType<Posted>();
    }

    [Fact]
    public void Stranger_is_not_told_of_blocks()
    {
        var channel = DirectOfAnnAndBob();
        channel.Blocks = new BlockState(BySmaller: true, ByLarger: true);

        channel.Do(Post(Direct, Eve, "a")).ShouldBeRefused(Refusal.ChannelNotFound);
    }

    [Fact]
    public void Nothing_is_decided_in_a_direct_channel_before_the_blocks_are_known()
    {
        var state = DirectOfAnnAndBob().State;

        var decision = Channel.Decide(state, Post(Direct, Ann, "a"), new DecisionContext(1, 100, null, null));

        decision.ShouldBeOfType<Undecided>().WantsBlocks.ShouldBeTrue();
    }

    [Fact]
    public void Block_means_nothing_in_a_group()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Blocks = new BlockState(BySmaller: true, ByLarger: true);

        channel.Do(Post(Group, Ann, "a")).ShouldBeOfType<Posted>();
    }
}
