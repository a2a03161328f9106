using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

public sealed class PostingTests
{
    [Fact]
    public void Post_by_a_member_is_the_next_event_and_the_next_message()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Now = 5_000;

        var reply = channel.Do(Post(Group, Bob, "a", mentions: [Ann]));

        reply.ShouldBe(new Posted(Group, 7, 2, 1, 5_000, Duplicate: false));
        var e = channel.Timeline[1].ShouldBeOfType<MessagePosted>();
        (e.Id, e.N, e.At, e.From, e.Device, e.ClientId, e.Text, e.ReplyTo).ShouldBe((2, 1, 5_000, Bob, Device(Bob), "a", "text of a", 0));
        e.Mentions.ShouldBe([Ann]);
    }

    [Fact]
    public void Post_repeated_returns_the_first_and_creates_nothing()
    {
        var channel = GroupOf(Ann, Bob);
        var first = (Posted)channel.Do(Post(Group, Ann, "a"));
        channel.Do(Post(Group, Ann, "b"));
        channel.Now += 1_000;

        channel.Do(Post(Group, Ann, "a") with { Text = "another text", ReplyTo = 99, Request = 8 })
            .ShouldBe(first with { Duplicate = true, Request = 8 });

        channel.Timeline.Count.ShouldBe(3);
    }

    [Fact]
    public void Post_repeated_within_a_batch_returns_the_first_and_creates_nothing()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Decide(Post(Group, Ann, "a"));

        var repeat = channel.Decide(Post(Group, Ann, "a")).ShouldBeOfType<Accepted>();

        repeat.Events.ShouldBeEmpty();
        repeat.Reply.ShouldBe(new Posted(Group, 7, 2, 1, channel.Now, Duplicate: true));
    }

    [Fact]
    public void Post_with_another_devices_client_id_is_another_message()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Do(Post(Group, Ann, "a"));

        channel.Do(Post(Group, Ann, "a", device: 1)).ShouldBe(new Posted(Group, 7, 3, 2, channel.Now, Duplicate: false));
        channel.Do(Post(Group, Bob, "a")).ShouldBe(new Posted(Group, 7, 4, 3, channel.Now, Duplicate: false));
    }

    [Fact]
    public void Post_repeated_returns_its_own_devices_message_among_many_with_one_client_id()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Do(Post(Group, Bob, "a"));
        channel.Do(Post(Group, Ann, "a"));
        channel.Do(Post(Group, Ann, "a", device: 1));
        for (var i = 0; i < 600; i++)
        {
            channel.Do(Post(Group, Bob, $"m{i}"));
        }

        channel.Do(Post(Group, Ann, "a")).ShouldBeOfType<Posted>().Id.ShouldBe(3);
        channel.Do(Post(Group, Ann, "a", device: 1)).ShouldBeOfType<Posted>().Id.ShouldBe(4);
        channel.Timeline.Count.ShouldBe(604);
    }

    [Fact]
    public void Post_whose_hash_is_known_is_compared_with_the_event_itself()
    {
        var channel = GroupOf(Ann);
        channel.Do(Post(Group, Ann, "a"));
        var repeat = Post(Group, Ann, "a");
        var collision = channel.Timeline[1] as MessagePosted;
        var facts = new Facts([], [collision! with { ClientId = "collides with a" }]);

        var decision = Channel.Decide(channel.State, repeat, new DecisionContext(1, 100, null, facts));

        decision.ShouldBeOfType<Accepted>().Reply.ShouldBe(new Posted(Group, 7, 3, 2, 1, Duplicate: false));
    }

    [Fact]
    public void Post_with_facts_of_an_older_state_asks_again()
    {
        var channel = GroupOf(Ann);
        channel.Do(Post(Group, Ann, "a"));

        var decision = Channel.Decide(channel.State, Post(Group, Ann, "a"), new DecisionContext(1, 100, null, new Facts([], [])));

        decision.ShouldBeOfType<Undecided>().Ranges.ShouldBe([new IdRange(2, 2)]);
    }

    [Fact]
    public void Reply_to_a_message_of_the_channel_is_accepted_at_any_distance()
    {
        var channel = GroupOf(Ann, Bob);
        channel.Do(Post(Group, Ann, "first"));
        for (var i = 0; i < 600; i++)
        {
            channel.Do(Post(Group, Ann, $"m{i}"));
        }

        channel.Do(Post(Group, Bob, "near", replyTo: 600)).ShouldBeOfType<Posted>();
        channel.Asked.ShouldBeEmpty();
        channel.Do(Post(Group, Bob, "far", replyTo: 2)).ShouldBeOfType<Posted>();
        channel.Asked.ShouldBe([new IdRange(2, 2)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Reply_to_what_is_no_message_is_refused(long replyTo)
    {
        var channel = GroupOf(Ann);
        channel.Do(Post(Group, Ann, "a"));
        channel.Do(new ChangeTitle(Group, Ann, 7, "new"));
        channel.Do(Post(Group, Ann, "b"));

        channel.Do(Post(Group, Ann, "c", replyTo: replyTo)).ShouldBeRefused(Refusal.MessageNotFound);

        channel.Timeline.Count.ShouldBe(4);
    }

    [Fact]
    public void Reply_to_what_is_no_message_in_a_sealed_block_is_refused()
    {
        var channel = GroupOf(Ann);
        for (var i = 0; i < 600; i++)
        {
            channel.Do(Post(Group, Ann, $"m{i}"));
        }

        channel.Do(Post(Group, Ann, "c", replyTo: 1)).ShouldBeRefused(Refusal.MessageNotFound);
        channel.Asked.ShouldBe([new IdRange(1, 1)]);
    }

    [Fact]
    public void Mentions_keep_each_member_once_and_nobody_else()
    {
        var channel = GroupOf(Ann, Bob, Cid);

        channel.Do(Post(Group, Ann, "a", mentions: [Cid, Bob, Eve, Cid, Ann]));

        channel.Timeline[1].ShouldBeOfType<MessagePosted>().Mentions.ShouldBe([Cid, Bob, Ann]);
    }

    [Fact]
    public void Mentions_are_at_most_100()
    {
        var others = Enumerable.Range(100, 150).Select(User).ToArray();
        var channel = new TestChannel(Group, maxGroupSize: 200);
        channel.Do(Create(Ann, others));

        channel.Do(Post(Group, Ann, "a", mentions: others));

        channel.Timeline[1].ShouldBeOfType<MessagePosted>().Mentions.ShouldBe(others[..100]);
    }

    [Fact]
    public void Mentions_left_out_are_none()
    {
        var channel = GroupOf(Ann);

        channel.Do(Post(Group, Ann, "a") with { Mentions = default });

        channel.Timeline[1].ShouldBeOfType<MessagePosted>().Mentions.ShouldBeEmpty();
    }

    [Fact]
    public void Post_repeated_after_10_000_messages_returns_the_first()
    {
        var channel = DirectOfAnnAndBob();
        for (var i = 0; i < 10_000; i++)
        {
            channel.Decide(Post(Direct, Ann, $"c{i}")).ShouldBeOfType<Accepted>().Events.Length.ShouldBe(1);
        }

        // A new message is hardly ever mistaken for a repeat.
        channel.Asked.Count.ShouldBeLessThan(50);
        RepeatsAreRecognised(channel, 10_000, stride: 97);
    }

    [Fact]
    public void Post_repeated_after_300_000_messages_returns_the_first()
    {
        var channel = DirectOfAnnAndBob();
        for (var i = 0; i < 300_000; i++)
        {
            channel.Add(new MessagePosted(i + 2, i + 1, channel.Now, Ann, Device(Ann), $"c{i}", "text", 0, []));
        }

        RepeatsAreRecognised(channel, 300_000, stride: 4_001);
    }

    private static void RepeatsAreRecognised(TestChannel channel, int messages, int stride)
    {
        channel.Speculative.N.ShouldBe(messages);
        for (var i = 0; i < messages; i += stride)
        {
            var repeat = channel.Decide(Post(Direct, Ann, $"c{i}")).ShouldBeOfType<Accepted>();
            repeat.Events.ShouldBeEmpty();
            repeat.Reply.ShouldBe(new Posted(Direct, 7, i + 2, i + 1, channel.Now, Duplicate: true));
            channel.Decide(Post(Direct, Ann, $"c{i}", device: 1)).ShouldBeOfType<Accepted>().Events.Length.ShouldBe(1);
        }
    }
}
