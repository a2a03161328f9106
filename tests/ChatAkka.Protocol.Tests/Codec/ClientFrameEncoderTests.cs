using System.Text;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

/// <summary>Golden bytes: a change here is a change of the protocol.</summary>
public sealed class ClientFrameEncoderTests
{
    [Fact]
    public void Hello()
    {
        Encode(w => ClientFrameEncoder.Hello(w, "1", "abc.def", null)).ShouldBe("""{"op":"hello","ref":"1","token":"abc.def"}""");
        Encode(w => ClientFrameEncoder.Hello(w, "1", "t", new Dictionary<string, long> { ["1-2"] = 17, ["9"] = 0 })).ShouldBe(
            """{"op":"hello","ref":"1","token":"t","cursors":{"1-2":"17","9":"0"}}""");
    }

    [Fact]
    public void Hello_with_a_cursor_of_no_channel_is_refused() =>
        Should.Throw<ArgumentException>(() => Encode(w => ClientFrameEncoder.Hello(w, "1", "t", new Dictionary<string, long> { ["\"},{"] = 1 })));

    [Fact]
    public void Heartbeat()
    {
        Encode(w => ClientFrameEncoder.Heartbeat(w, null)).ShouldBe("""{"op":"heartbeat"}""");
        Encode(w => ClientFrameEncoder.Heartbeat(w, "h")).ShouldBe("""{"op":"heartbeat","ref":"h"}""");
    }

    [Fact]
    public void Send()
    {
        Encode(w => ClientFrameEncoder.Send(w, "r", "5", null, "c-1", "안녕 👋\n", 3, ["7", "8"])).ShouldBe(
            """{"op":"send","ref":"r","channel":"5","client_id":"c-1","text":"안녕 👋\n","reply_to":"3","mentions":["7","8"]}""");
        Encode(w => ClientFrameEncoder.Send(w, "r", null, "42", "c-1", "hi", 0, null)).ShouldBe(
            """{"op":"send","ref":"r","to":"42","client_id":"c-1","text":"hi"}""");
        Encode(w => ClientFrameEncoder.SendBody(w, "c-1", "hi", 3, [])).ShouldBe("""{"client_id":"c-1","text":"hi","reply_to":"3"}""");
    }

    [Fact]
    public void Changes_of_a_message()
    {
        Encode(w => ClientFrameEncoder.Edit(w, "r", "5", 3, "new")).ShouldBe("""{"op":"edit","ref":"r","channel":"5","id":"3","text":"new"}""");
        Encode(w => ClientFrameEncoder.Edit(w, "r", "5", 3, "new", 9)).ShouldEndWith(""","text":"new","seen":"9"}""");
        Encode(w => ClientFrameEncoder.Delete(w, "r", "5", 3)).ShouldBe("""{"op":"delete","ref":"r","channel":"5","id":"3"}""");
        Encode(w => ClientFrameEncoder.React(w, "r", "5", 3, "👍")).ShouldBe("""{"op":"react","ref":"r","channel":"5","id":"3","emoji":"👍"}""");
        Encode(w => ClientFrameEncoder.Unreact(w, "r", "5", 3, "👍")).ShouldBe("""{"op":"unreact","ref":"r","channel":"5","id":"3","emoji":"👍"}""");
    }

    [Fact]
    public void What_is_not_answered()
    {
        Encode(w => ClientFrameEncoder.Typing(w, "5")).ShouldBe("""{"op":"typing","channel":"5"}""");
        Encode(w => ClientFrameEncoder.Delivered(w, "5", 12)).ShouldBe("""{"op":"delivered","channel":"5","id":"12"}""");
        Encode(w => ClientFrameEncoder.Read(w, "5", 12)).ShouldBe("""{"op":"read","channel":"5","id":"12"}""");
    }

    [Fact]
    public void Watch()
    {
        Encode(w => ClientFrameEncoder.Watch(w, "r", ["7", "8"])).ShouldBe("""{"op":"watch","ref":"r","users":["7","8"]}""");
        Encode(w => ClientFrameEncoder.Watch(w, "r", [])).ShouldBe("""{"op":"watch","ref":"r","users":[]}""");
    }

    [Theory]
    [InlineData(HistorySide.Newest, "")]
    [InlineData(HistorySide.Before, "\"before\":\"9\",")]
    [InlineData(HistorySide.After, "\"after\":\"9\",")]
    [InlineData(HistorySide.Around, "\"around\":\"9\",")]
    public void History(HistorySide side, string anchor) =>
        Encode(w => ClientFrameEncoder.History(w, "r", "5", new HistoryRange(side, 9, 200)))
            .ShouldBe("""{"op":"history","ref":"r","channel":"5",""" + anchor + """ "limit":200}""".TrimStart());

    [Fact]
    public void Server_reads_what_the_client_writes()
    {
        Read(w => ClientFrameEncoder.Hello(w, "1", "t", new Dictionary<string, long> { ["1-2"] = 17 })).ShouldBeOfType<HelloFrame>().Cursors!["1-2"].ShouldBe(17);
        var send = Read(w => ClientFrameEncoder.Send(w, "r", "5", null, "c", "text \"\u0001", 3, ["7"])).ShouldBeOfType<SendFrame>();
        (send.Channel, send.ClientId, send.Text, send.ReplyTo, send.Mentions).ShouldBe(("5", "c", "text \"\u0001", 3L, send.Mentions));
        send.Mentions.ShouldBe(["7"]);
        Read(w => ClientFrameEncoder.Delivered(w, "5", 12)).ShouldBe(new DeliveredFrame(null, "5", 12));
        Read(w => ClientFrameEncoder.Heartbeat(w, "h")).ShouldBe(new HeartbeatFrame("h"));
        Read(w => ClientFrameEncoder.Edit(w, "r", "5", 3, "new")).ShouldBe(new EditFrame("r", "5", 3, "new"));
        Read(w => ClientFrameEncoder.Edit(w, "r", "5", 3, "new", 9)).ShouldBe(new EditFrame("r", "5", 3, "new", 9));
        Read(w => ClientFrameEncoder.React(w, "r", "5", 3, "👍", 9)).ShouldBe(new ReactFrame("r", "5", 3, "👍", Removes: false, 9));
        Read(w => ClientFrameEncoder.Unreact(w, "r", "5", 3, "👍", 9)).ShouldBe(new ReactFrame("r", "5", 3, "👍", Removes: true, 9));
        Read(w => ClientFrameEncoder.Delete(w, "r", "5", 3)).ShouldBe(new DeleteFrame("r", "5", 3));
        Read(w => ClientFrameEncoder.React(w, "r", "5", 3, "👍")).ShouldBe(new ReactFrame("r", "5", 3, "👍", Removes: false));
        Read(w => ClientFrameEncoder.Unreact(w, "r", "5", 3, "👍")).ShouldBe(new ReactFrame("r", "5", 3, "👍", Removes: true));
        Read(w => ClientFrameEncoder.Typing(w, "5")).ShouldBe(new TypingFrame(null, "5"));
        Read(w => ClientFrameEncoder.Read(w, "5", 12)).ShouldBe(new ReadFrame(null, "5", 12));
        Read(w => ClientFrameEncoder.Watch(w, "r", ["7"])).ShouldBeOfType<WatchFrame>().Users.ShouldBe(["7"]);
        var range = new HistoryRange(HistorySide.After, 0, 200);
        Read(w => ClientFrameEncoder.History(w, "r", "5", range)).ShouldBe(new HistoryFrame("r", "5", range));
    }

    private static ClientFrame Read(Action<FrameWriter> write) => Decoding.Decode(Encode(write));

    private static string Encode(Action<FrameWriter> write)
    {
        var writer = new FrameWriter();
        write(writer);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
