using System.Text;
using ChatAkka.Replay.Clients;

namespace ChatAkka.Replay.Tests.Clients;

public sealed class ServerFrameTests
{
    [Fact]
    public void Event_is_read_whatever_the_order_of_its_members()
    {
        var frame = ServerFrame.Parse("""{"text":"안녕 \ud83d\udc4b \"x\"","from":"7","unknown":{"id":"9","a":[1]},"type":"message","n":3,"id":"4","channel":"1-2","op":"event"}"""u8);

        Encoding.UTF8.GetString(frame.Op).ShouldBe("event");
        Encoding.UTF8.GetString(frame.Channel).ShouldBe("1-2");
        Encoding.UTF8.GetString(frame.Text).ShouldBe("안녕 👋 \"x\"");
        frame.Id.ShouldBe(4);
        frame.N.ShouldBe(3);
    }

    [Fact]
    public void Sync_gives_its_channel_and_events()
    {
        var frame = ServerFrame.Parse("""{"op":"sync","channel":{"id":"1-2","head":"7"},"events":[{"id":"5","n":4,"text":"{"},{"id":"6","n":5}],"more":true}"""u8);

        var channel = ServerFrame.Parse(frame.ChannelObject);
        var items = frame.Items;
        var ids = new List<long>();
        while (ServerFrame.TryTakeItem(ref items, out var item))
        {
            ids.Add(item.Id);
        }

        ids.ShouldBe([5, 6]);
        Encoding.UTF8.GetString(channel.IdText).ShouldBe("1-2");
        channel.Head.ShouldBe(7);
        frame.More.ShouldBeTrue();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"op\":1}")]
    [InlineData("{\"op\":\"ok\"")]
    [InlineData("not json")]
    public void Frame_that_is_not_the_protocol_is_an_error(string json) =>
        Should.Throw<FormatException>(() => ServerFrame.Parse(Encoding.UTF8.GetBytes(json)));
}
