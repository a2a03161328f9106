using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class SentChannelsTests
{
    private readonly SentChannels _channels = new();

    [Fact]
    public void Channel_that_was_sent_is_remembered_until_the_store_has_all_of_it()
    {
        _channels.Raise(Some.Direct, 5).ShouldBe(long.MinValue);
        _channels.Raise(Some.Direct, 7).ShouldBe(5);
        _channels.Raise(Some.Direct, 6).ShouldBe(7);
        _channels.Store(new StoredCursor(Some.Direct, 6, 0));
        _channels.Sent.ShouldBe(new Dictionary<ChannelId, long> { [Some.Direct] = 7 });
        _channels.Store(new StoredCursor(Some.Direct, 7, 0));
        _channels.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_the_client_says_is_remembered_until_the_store_has_it()
    {
        _channels.Raise(Some.Direct, 5);
        _channels.Deliver(Some.Direct, 5);
        _channels.Read(Some.Direct, 4);
        _channels.Read(Some.Group, 9);
        _channels.Said.ShouldBe([new StoredCursor(Some.Direct, 5, 4), new StoredCursor(Some.Group, 0, 9)], ignoreOrder: true);
        _channels.Store(new StoredCursor(Some.Direct, 5, 0));
        _channels.Sent.ShouldBeEmpty("what is only said was not sent");
        _channels.Said.ShouldBe([new StoredCursor(Some.Direct, 0, 4), new StoredCursor(Some.Group, 0, 9)], ignoreOrder: true);
        _channels.Store(new StoredCursor(Some.Direct, 0, 4));
        _channels.Store(new StoredCursor(Some.Group, 0, 10));
        _channels.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_is_delivered_of_a_channel_that_the_store_knows_is_not_remembered()
    {
        _channels.Deliver(Some.Direct, 5);
        _channels.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Channel_that_has_gone_is_remembered_as_gone_until_it_comes_again()
    {
        _channels.Raise(Some.Direct, 5);
        _channels.Deliver(Some.Direct, 5);
        _channels.Leave(Some.Direct);
        _channels.Store(new StoredCursor(Some.Direct, 5, 0));
        _channels.Said.ShouldBeEmpty();
        _channels.Sent.ShouldBe(new Dictionary<ChannelId, long> { [Some.Direct] = SessionResume.HasLeft });
        _channels.Raise(Some.Direct, 0);
        _channels.Sent.ShouldBe(new Dictionary<ChannelId, long> { [Some.Direct] = 0 });
    }
}
