using System.Buffers;
using System.Text;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;
using static ChatAkka.Protocol.Tests.Codec.Decoding;

namespace ChatAkka.Protocol.Tests.Codec;

public sealed class ClientFrameDecoderTests
{
    [Fact]
    public void Hello_with_all_members_is_read()
    {
        var hello = Decode("""{"op":"hello","ref":"1","token":"abc","cursors":{"1-2":"17","9":"0"}}""").ShouldBeOfType<HelloFrame>();

        (hello.Ref, hello.Token).ShouldBe(("1", "abc"));
        hello.Cursors.ShouldBe(new Dictionary<string, long> { ["1-2"] = 17, ["9"] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public void Hello_without_token_has_an_empty_one() =>
        Decode("""{"op":"hello","ref":"1"}""").ShouldBe(new HelloFrame("1", "", null));

    [Fact]
    public void Send_with_all_members_is_read()
    {
        var send = Decode("""{"op":"send","ref":"r","channel":"5","client_id":"c","text":"안녕 👋","reply_to":"3","mentions":["7","8"]}""")
            .ShouldBeOfType<SendFrame>();

        (send with { Mentions = null }).ShouldBe(new SendFrame("r", "5", null, "c", "안녕 👋", 3, null));
        send.Mentions.ShouldBe(["7", "8"]);
    }

    [Theory]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x"}""")]
    [InlineData("""{"text":"x","client_id":"c","to":"5","ref":"r","op":"send"}""")]
    [InlineData(""" { "op" : "send" , "unknown":{"deep":[1,{"a":null}]}, "ref":"r","to":"5","client_id":"c","text":"x","channel":null } """)]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"first","text":"x"}""")]
    [InlineData("""{"\u006fp":"send","ref":"r","to":"\u0035","client_id":"c","te\u0078t":"\u0078","id":{},"limit":"other op's"}""")]
    public void Send_is_the_same_in_any_spelling(string json) => Decode(json).ShouldBe(new SendFrame("r", null, "5", "c", "x", 0, null));

    [Fact]
    public void Heartbeat_needs_no_ref()
    {
        Decode("""{"op":"heartbeat"}""").ShouldBe(new HeartbeatFrame(null));
        Decode("""{"op":"heartbeat","ref":"h"}""").ShouldBe(new HeartbeatFrame("h"));
    }

    [Fact]
    public void Delivered_needs_no_ref() =>
        Decode("""{"op":"delivered","channel":"5","id":"12"}""").ShouldBe(new DeliveredFrame(null, "5", 12));

    [Fact]
    public void Heartbeat_without_ref_is_always_the_same_one() =>
        Decode("""{ "op" : "heartbeat" }""").ShouldBeSameAs(HeartbeatFrame.Silent);

    [Fact]
    public void Annotations_are_read()
    {
        Decode("""{"op":"edit","ref":"r","channel":"5","id":"12","text":"안녕"}""").ShouldBe(new EditFrame("r", "5", 12, "안녕"));
        Decode("""{"op":"delete","ref":"r","channel":"5","id":"12"}""").ShouldBe(new DeleteFrame("r", "5", 12));
        Decode("""{"op":"react","ref":"r","channel":"5","id":"12","emoji":"👍"}""")
            .ShouldBe(new ReactFrame("r", "5", 12, "👍", Removes: false));
        Decode("""{"op":"unreact","ref":"r","channel":"5","id":"12","emoji":"👍"}""")
            .ShouldBe(new ReactFrame("r", "5", 12, "👍", Removes: true));
    }

    [Theory]
    [InlineData("\"0\"")]
    [InlineData("\"x\"")]
    [InlineData("7.5")]
    [InlineData("[]")]
    public void What_the_device_had_is_an_event_id(string seen)
    {
        foreach (var op in new[] { "edit", "react", "unreact" })
        {
            Decode($$"""{"op":"{{op}}","ref":"r","channel":"5","id":"12","text":"a","emoji":"b","seen":{{seen}}}""")
                .ShouldBe(new RefusedFrame("r", ErrorCodes.BadRequest, "seen must be an event id"));
        }
    }

    [Fact]
    public void Signals_need_no_ref()
    {
        Decode("""{"op":"read","channel":"5","id":"12"}""").ShouldBe(new ReadFrame(null, "5", 12));
        Decode("""{"op":"typing","channel":"5"}""").ShouldBe(new TypingFrame(null, "5"));
    }

    [Fact]
    public void Watch_names_its_users()
    {
        var watch = Decode("""{"op":"watch","ref":"r","users":["7","8"]}""").ShouldBeOfType<WatchFrame>();
        watch.Users.ShouldBe(["7", "8"]);
    }

    [Theory]
    [InlineData("""{"op":"edit","channel":"5","id":"1","text":"x"}""", null)]
    [InlineData("""{"op":"edit","ref":"r","id":"1","text":"x"}""", "r")]
    [InlineData("""{"op":"edit","ref":"r","channel":"5","text":"x"}""", "r")]
    [InlineData("""{"op":"edit","ref":"r","channel":"5","id":1,"text":"x"}""", "r")]
    [InlineData("""{"op":"edit","ref":"r","channel":"5","id":"1"}""", "r")]
    [InlineData("""{"op":"delete","channel":"5","id":"1"}""", null)]
    [InlineData("""{"op":"delete","ref":"r","channel":"5","id":"-1"}""", "r")]
    [InlineData("""{"op":"react","ref":"r","channel":"5","id":"1"}""", "r")]
    [InlineData("""{"op":"react","ref":"r","channel":"5","id":"1","emoji":5}""", "r")]
    [InlineData("""{"op":"unreact","channel":"5","id":"1","emoji":"x"}""", null)]
    [InlineData("""{"op":"read","channel":"5"}""", null)]
    [InlineData("""{"op":"typing","channel":5}""", null)]
    [InlineData("""{"op":"watch","ref":"r"}""", "r")]
    [InlineData("""{"op":"watch","ref":"r","users":[5]}""", "r")]
    [InlineData("""{"op":"watch","users":[]}""", null)]
    public void An_operation_that_lacks_something_is_refused(string json, string? reference)
    {
        var refused = Decode(json).ShouldBeOfType<RefusedFrame>();
        (refused.Ref, refused.Code).ShouldBe((reference, ErrorCodes.BadRequest));
    }

    [Theory]
    [InlineData("", HistorySide.Newest, 0, 50)]
    [InlineData(""","before":"9","limit":200""", HistorySide.Before, 9, 200)]
    [InlineData(""","after":"0","limit":1""", HistorySide.After, 0, 1)]
    [InlineData(""","around":"9223372036854775807","before":null""", HistorySide.Around, long.MaxValue, 50)]
    public void History_reads_its_range(string members, HistorySide side, long anchor, int limit) =>
        Decode($$"""{"op":"history","ref":"r","channel":"5"{{members}}}""")
            .ShouldBe(new HistoryFrame("r", "5", new HistoryRange(side, anchor, limit)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("\"op\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"ref\":\"1\"}")]
    [InlineData("{\"op\":5}")]
    [InlineData("{\"op\":null}")]
    [InlineData("{\"op\":{}}")]
    [InlineData("{\"op\":\"heartbeat\"")]
    [InlineData("{\"op\":\"heartbeat\"}}")]
    [InlineData("{\"op\":\"heartbeat\"}{}")]
    [InlineData("{\"op\":\"heartbeat\",}")]
    [InlineData("{\"op\":\"heartbeat\"} // really")]
    [InlineData("{'op':'heartbeat'}")]
    [InlineData("{\"op\":\"heartbeat\",\"x\":01}")]
    [InlineData("{\"op\":\"heartbeat\",\"x\":\"\\x\"}")]
    [InlineData("{\"op\":\"heartbeat\",\"x\":\"\u0001\"}")]
    [InlineData("\ufeff{\"op\":\"heartbeat\"}")]
    public void What_is_no_frame_is_bad(string json) => Decode(json).ShouldBeSameAs(BadFrame.Instance);

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void A_thousand_levels_are_bad(char open, char close)
    {
        var nested = open == '[' ? new string('[', 1000) + new string(']', 1000) : string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string(close, 1000);
        Decode($$"""{"op":"heartbeat","x":{{nested}}}""").ShouldBeSameAs(BadFrame.Instance);
    }

    [Fact]
    public void A_million_open_brackets_are_bad() => Decode(new string('[', 1_000_000)).ShouldBeSameAs(BadFrame.Instance);

    [Theory]
    [InlineData("""{"op":"nonsense","ref":"r"}""", "r")]
    [InlineData("""{"op":"shout","ref":"r","channel":"5","id":"1","text":"x"}""", "r")]
    [InlineData("""{"op":"SEND"}""", null)]
    [InlineData("""{"op":""}""", null)]
    public void An_unknown_op_is_told_so(string json, string? reference)
    {
        var refused = Refuse(json);
        (refused.Code, refused.Ref).ShouldBe((ErrorCodes.UnknownOp, reference));
    }

    [Theory]
    [InlineData("""{"op":"hello","token":"t"}""", null)]
    [InlineData("""{"op":"hello","ref":"r","token":5}""", "r")]
    [InlineData("""{"op":"hello","ref":"r","token":"t","cursors":[]}""", "r")]
    [InlineData("""{"op":"hello","ref":"r","token":"t","cursors":{"5":7}}""", "r")]
    [InlineData("""{"op":"hello","ref":"r","token":"t","cursors":{"5":"-1"}}""", "r")]
    [InlineData("""{"op":"hello","ref":"r","token":"t","cursors":{"5":{}}}""", "r")]
    [InlineData("""{"op":"hello","ref":"r","token":"t","cursors":{"\ud800":"1"}}""", "r")]
    [InlineData("""{"op":"send","to":"5","client_id":"c","text":"x"}""", null)]
    [InlineData("""{"op":"send","ref":"r","client_id":"c","text":"x"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","channel":"6","client_id":"c","text":"x"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":5,"client_id":"c","text":"x"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","text":"x"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"","text":"x"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":null}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":["x"]}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","reply_to":1}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","reply_to":"0"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","reply_to":"01"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","reply_to":"+1"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","reply_to":""}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","reply_to":"9223372036854775808"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","mentions":"5"}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","mentions":[5]}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","mentions":[["5"]]}""", "r")]
    [InlineData("""{"op":"send","ref":"r","to":"\udc00","client_id":"c","text":"x"}""", "r")]
    [InlineData("""{"op":"delivered","ref":"r","id":"1"}""", "r")]
    [InlineData("""{"op":"delivered","ref":"r","channel":"5"}""", "r")]
    [InlineData("""{"op":"delivered","ref":"r","channel":"5","id":1}""", "r")]
    [InlineData("""{"op":"delivered","ref":"r","channel":"5","id":"0"}""", "r")]
    [InlineData("""{"op":"history","channel":"5"}""", null)]
    [InlineData("""{"op":"history","ref":"r"}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","before":"1","after":"1"}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","before":"0"}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","limit":0}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","limit":201}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","limit":1.0}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","limit":1e1}""", "r")]
    [InlineData("""{"op":"history","ref":"r","channel":"5","limit":"50"}""", "r")]
    [InlineData("""{"op":"heartbeat","ref":5}""", null)]
    [InlineData("""{"op":"heartbeat","ref":"\ud800"}""", null)]
    public void A_wrong_member_is_refused_with_the_ref(string json, string? reference)
    {
        var refused = Refuse(json);
        (refused.Code, refused.Ref).ShouldBe((ErrorCodes.BadRequest, reference));
    }

    [Fact]
    public void Ref_and_client_id_may_have_64_code_points()
    {
        var longest = string.Concat(Enumerable.Repeat("👋", 64));
        var send = Decode($$"""{"op":"send","ref":"{{longest}}","to":"5","client_id":"{{longest}}","text":"x"}""")
            .ShouldBeOfType<SendFrame>();
        (send.Ref, send.ClientId).ShouldBe((longest, longest));

        Refuse($$"""{"op":"send","ref":"{{longest}}x","to":"5","client_id":"c","text":"x"}""").Ref.ShouldBeNull();
        Refuse($$"""{"op":"send","ref":"r","to":"5","client_id":"{{longest}}x","text":"x"}""").Ref.ShouldBe("r");
    }

    [Fact]
    public void A_hundred_mentions_are_the_most()
    {
        static string Mentioning(int users) =>
            $$"""{"op":"send","ref":"r","to":"5","client_id":"c","text":"x","mentions":[{{string.Join(',', Enumerable.Repeat("\"7\"", users))}}]}""";

        Decode(Mentioning(100)).ShouldBeOfType<SendFrame>().Mentions!.Length.ShouldBe(100);
        Refuse(Mentioning(101)).Code.ShouldBe(ErrorCodes.BadRequest);
        Decode(Mentioning(0)).ShouldBeOfType<SendFrame>().Mentions.ShouldBe([]);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("x\\ud83d")]
    [InlineData("\\ud83dx\\udc4b")]
    [InlineData("\\udc4b\\ud83d")]
    [InlineData("👋\\uD83D")]
    public void A_lone_surrogate_in_the_text_is_text_invalid(string text)
    {
        var refused = Refuse($$"""{"op":"send","ref":"r","to":"5","client_id":"c","text":"{{text}}"}""");
        (refused.Code, refused.Ref).ShouldBe((ErrorCodes.TextInvalid, "r"));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x91 })]
    public void Text_that_is_not_utf8_is_text_invalid(byte[] text)
    {
        byte[] json = [.. "{\"op\":\"send\",\"ref\":\"r\",\"to\":\"5\",\"client_id\":\"c\",\"text\":\""u8, .. text, .. "\"}"u8];
        ClientFrameDecoder.Decode(json).ShouldBeOfType<RefusedFrame>().Code.ShouldBe(ErrorCodes.TextInvalid);
    }

    [Theory]
    [InlineData("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t")]
    [InlineData("\\ud83d\\udc4b", "👋")]
    [InlineData("a\\uD55c글\\u0000", "a한글\0")]
    [InlineData("\\\\ud800", "\\ud800")]
    public void Escapes_are_read(string escaped, string text) =>
        Decode($$"""{"op":"send","ref":"r","to":"5","client_id":"c","text":"{{escaped}}"}""")
            .ShouldBeOfType<SendFrame>().Text.ShouldBe(text);

    [Fact]
    public void A_long_escaped_text_is_read()
    {
        var text = string.Concat(Enumerable.Repeat("한\\n👋\\ud83d\\udc4b", 5_000));
        Decode($$"""{"op":"send","ref":"r","to":"5","client_id":"c","text":"{{text}}"}""").ShouldBeOfType<SendFrame>()
            .Text.ShouldBe(string.Concat(Enumerable.Repeat("한\n👋👋", 5_000)));
    }

    [Fact]
    public void A_frame_in_pieces_is_read_like_a_whole_one()
    {
        var json = """{"op":"send","ref":"r","to":"5","client_id":"c","text":"안녕"}"""u8.ToArray();
        for (var cut = 0; cut <= json.Length; cut++)
        {
            var first = new Piece(json.AsMemory(0, cut), null);
            var last = new Piece(json.AsMemory(cut), first);
            ClientFrameDecoder.Decode(new ReadOnlySequence<byte>(first, 0, last, json.Length - cut))
                .ShouldBe(new SendFrame("r", null, "5", "c", "안녕", 0, null));
        }
    }

    [Fact]
    public void The_body_of_a_send_over_http_has_the_members_of_the_frame()
    {
        ClientFrameDecoder.DecodeSendBody("""{"client_id":"c","text":"x","reply_to":"4"}"""u8, "5")
            .ShouldBe(new SendFrame(null, "5", null, "c", "x", 4, null));
        ClientFrameDecoder.DecodeSendBody("""{"client_id":"c","text":"\udc00"}"""u8, "5")
            .ShouldBeOfType<RefusedFrame>().Code.ShouldBe(ErrorCodes.TextInvalid);
        ClientFrameDecoder.DecodeSendBody("""{"text":"x"}"""u8, "5").ShouldBeOfType<RefusedFrame>().Code.ShouldBe(ErrorCodes.BadRequest);
        ClientFrameDecoder.DecodeSendBody("[]"u8, "5").ShouldBeSameAs(BadFrame.Instance);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
