using ChatAkka.Replay.Data;

namespace ChatAkka.Replay.Tests.Data;

public sealed class IrcLogTests
{
    [Theory]
    [InlineData("[04:46] <cody_penguin> Tom47: thanks", "cody_penguin", "Tom47: thanks")]
    [InlineData("[04:46] <a> [05:00] <b> quoted", "a", "[05:00] <b> quoted")]
    [InlineData("[04:46] <a>  two spaces kept  ", "a", " two spaces kept  ")]
    [InlineData("[23:59] <DJ-_-^[]> 안녕 > 👋", "DJ-_-^[]", "안녕 > 👋")]
    [InlineData("[04:46] <a> \u0002bold\u0002", "a", "\u0002bold\u0002")]
    public void Line_of_speech_is_read_as_it_stands(string line, string nick, string text) =>
        IrcLog.Parse(line).ShouldBe(new IrcLine(nick, text));

    [Theory]
    [InlineData("")]
    [InlineData("=== MattJ [n=MattJ@example] has joined #ubuntu")]
    [InlineData("[04:46]  * nick waves")]
    [InlineData("[05:12] -someone:#ubuntu- notice")]
    [InlineData("[04:46] <nick>")]
    [InlineData("[04:46] <nick> ")]
    [InlineData("[04:46] <> text")]
    [InlineData("[ab:cd] <nick> text")]
    [InlineData("[04:46] <nick text")]
    [InlineData("[04:46] <nick> nul \0 inside")]
    public void Anything_else_is_skipped(string line) => IrcLog.Parse(line).ShouldBeNull();

    [Fact]
    public void Most_talkative_speakers_keep_their_lines_in_order()
    {
        var log = new IrcLog("log", [new("a", "1"), new("b", "2"), new("c", "3"), new("b", "4"), new("c", "5"), new("c", "6")]);

        log.MostTalkative(2).Lines.Select(l => l.Text).ShouldBe(["2", "3", "4", "5", "6"]);
    }
}
