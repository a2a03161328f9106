using System.Text;
using System.Text.Json;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Clients;

public sealed class ClientFramesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Send_carries_the_text_with_or_without_escapes(bool escape)
    {
        var json = Encoding.UTF8.GetString(new ClientFrames(escape).Send(7, new Send("d", "u", "c#1", "안녕 👋 \"") { Channel = "5" }));

        json.Contains("안녕", StringComparison.Ordinal).ShouldBe(!escape);
        using var parsed = JsonDocument.Parse(json);
        parsed.RootElement.GetProperty("text").GetString().ShouldBe("안녕 👋 \"");
        parsed.RootElement.GetProperty("channel").GetString().ShouldBe("5");
        parsed.RootElement.GetProperty("ref").GetString().ShouldBe("7");
    }

    [Fact]
    public void Send_without_a_channel_names_the_user() =>
        Encoding.UTF8.GetString(new ClientFrames(false).Send(1, new Send("d", "u", "c", "x") { To = "9" }))
            .ShouldBe("""{"op":"send","ref":"1","to":"9","client_id":"c","text":"x"}""");

    [Fact]
    public void Hello_gives_cursors_only_when_the_device_has_its_own()
    {
        var frames = new ClientFrames(false);

        Encoding.UTF8.GetString(frames.Hello(1, "t", null)).ShouldBe("""{"op":"hello","ref":"1","token":"t"}""");
        Encoding.UTF8.GetString(frames.Hello(2, "t", [new("5", 6)])).ShouldBe("""{"op":"hello","ref":"2","token":"t","cursors":{"5":"6"}}""");
    }
}
