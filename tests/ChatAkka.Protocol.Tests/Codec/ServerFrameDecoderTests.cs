using System.Text;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

/// <summary>Golden bytes: what a server says, as a client reads it.</summary>
public sealed class ServerFrameDecoderTests
{
    private const string Event = """{"op":"event","channel":"5","id":"17","n":12,"at":99,"from":"42",""";
    private const string Channel = """{"id":"5","kind":"group","title":"우리","head":"17","n":12,"unread":4,"read":"9","member_count":3}""";

    [Fact]
    public void Hello_ok() => Read<OkServerFrame>(
            """{"op":"ok","ref":"1","user_id":"42","device_id":"43","node":"a","time":7,"heartbeat_ms":500,"timeout_ms":3000,"max_text":10}""")
        .Welcome.ShouldBe(new SessionWelcome("42", "43", "a", 7, 500, 3000, 10));

    [Fact]
    public void Hello_ok_without_the_limits_has_the_protocols() =>
        Read<OkServerFrame>("""{"op":"ok","ref":"1","user_id":"42","device_id":"43","heartbeat_ms":0}""").Welcome.ShouldBe(
            new SessionWelcome("42", "43", "", 0, ProtocolLimits.HeartbeatMs, ProtocolLimits.TimeoutMs, ProtocolLimits.MaxTextLength));

    [Fact]
    public void Send_ok()
    {
        Read<OkServerFrame>("""{"op":"ok","ref":"r","channel":"1-2","id":"17","n":12,"at":99}""")
            .ShouldBe(new OkServerFrame("r") { Channel = "1-2", Id = 17, N = 12, At = 99 });
        Read<OkServerFrame>("""{"op":"ok","ref":"r","channel":"1-2","id":"17","n":12,"at":99,"duplicate":true}""").Duplicate.ShouldBeTrue();
    }

    [Fact]
    public void Other_oks()
    {
        Read<OkServerFrame>("""{"op":"ok","ref":"h","time":5}""").ShouldBe(new OkServerFrame("h") { Time = 5 });
        Read<OkServerFrame>("""{"op":"ok"}""").ShouldBe(new OkServerFrame((string?)null));
        Read<OkServerFrame>("""{"op":"ok","ref":"w","presence":[{"user":"7","status":"online"},{"user":"8","status":"offline","last_active_at":6}]}""")
            .Presence.ShouldBe([new UserPresence("7", true, null), new UserPresence("8", false, 6)]);
    }

    [Fact]
    public void Error()
    {
        Read<ErrorServerFrame>("""{"op":"error","ref":"r","code":"busy","message":"later","retry_ms":250}""")
            .ShouldBe(new ErrorServerFrame("r", "busy", "later", 250));
        Read<ErrorServerFrame>("""{"op":"error","code":"bad_request","message":"no"}""")
            .ShouldBe(new ErrorServerFrame(null, "bad_request", "no", 0));
    }

    [Fact]
    public void Message_event()
    {
        var plain = ReadEvent<MessageEvent>("\"type\":\"message\",\"text\":\"안녕 \\ud83d\\udc4b\"}");
        (plain.Id, plain.N, plain.At, plain.From, plain.Text, plain.ClientId, plain.ReplyTo)
            .ShouldBe((17L, 12L, 99L, "42", "안녕 👋", null, 0L));
        plain.Mentions.ShouldBeEmpty();
        var full = ReadEvent<MessageEvent>("\"type\":\"message\",\"text\":\"x\",\"client_id\":\"c\",\"reply_to\":\"3\",\"mentions\":[\"7\",\"8\"]}");
        (full.ClientId, full.ReplyTo).ShouldBe(("c", 3L));
        full.Mentions.ShouldBe(["7", "8"]);
    }

    [Fact]
    public void Other_events()
    {
        ReadEvent<CreatedEvent>("\"type\":\"created\"}").ShouldBe(new CreatedEvent(17, 12, 99, "42"));
        ReadEvent<EditedEvent>("\"type\":\"edited\",\"target\":\"3\",\"text\":\"x\"}").ShouldBe(new EditedEvent(17, 12, 99, "42", 3, "x"));
        ReadEvent<DeletedEvent>("\"type\":\"deleted\",\"target\":\"3\"}").ShouldBe(new DeletedEvent(17, 12, 99, "42", 3));
        ReadEvent<ReactedEvent>("\"type\":\"reacted\",\"target\":\"3\",\"emoji\":\"👍\"}")
            .ShouldBe(new ReactedEvent(17, 12, 99, "42", 3, "👍"));
        ReadEvent<UnreactedEvent>("\"type\":\"unreacted\",\"target\":\"3\",\"emoji\":\"👍\"}")
            .ShouldBe(new UnreactedEvent(17, 12, 99, "42", 3, "👍"));
        ReadEvent<MemberAddedEvent>("\"type\":\"member_added\",\"user\":\"7\",\"role\":\"member\"}")
            .ShouldBe(new MemberAddedEvent(17, 12, 99, "42", "7", "member"));
        ReadEvent<MemberRemovedEvent>("\"type\":\"member_removed\",\"user\":\"7\",\"role\":\"admin\"}")
            .ShouldBe(new MemberRemovedEvent(17, 12, 99, "42", "7", "admin"));
        ReadEvent<RoleChangedEvent>("\"type\":\"role_changed\",\"user\":\"7\",\"role\":\"owner\"}")
            .ShouldBe(new RoleChangedEvent(17, 12, 99, "42", "7", "owner"));
        ReadEvent<TitledEvent>("\"type\":\"titled\",\"title\":\"우리\"}").ShouldBe(new TitledEvent(17, 12, 99, "42", "우리"));
    }

    [Fact]
    public void Event_of_an_unknown_type_keeps_its_place() =>
        ReadEvent<UnknownEvent>("\"type\":\"pinned\",\"target\":\"3\",\"by\":{\"a\":[1]}}")
            .ShouldBe(new UnknownEvent(17, 12, 99, "42", "pinned"));

    [Fact]
    public void Sync()
    {
        var frame = Read<SyncServerFrame>(
            """{"op":"sync","channel":""" + Channel + ""","events":[{"id":"1","n":0,"at":9,"from":"42","type":"created"},{"id":"2","n":1,"at":9,"from":"42","type":"message","text":"x"}],"more":true}""");

        frame.Channel.ShouldBe(new ChannelData("5", "group", "우리", 17, 12, 4, 9, 3));
        frame.Events.Select(e => e.Id).ShouldBe([1, 2]);
        frame.More.ShouldBeTrue();
    }

    [Fact]
    public void Channel_appeared_and_disappeared()
    {
        Read<ChannelAppearedServerFrame>("""{"op":"channel","channel":""" + Channel + "}").Channel.Title.ShouldBe("우리");
        Read<ChannelDisappearedServerFrame>("""{"op":"channel","removed":"5"}""").Channel.ShouldBe("5");
    }

    [Fact]
    public void What_passes()
    {
        Read<SyncedServerFrame>("""{"op":"synced"}""");
        Read<ReceiptServerFrame>("""{"op":"receipt","channel":"5","user":"7","delivered":"3"}""")
            .ShouldBe(new ReceiptServerFrame("5", "7", 3, null));
        Read<ReceiptServerFrame>("""{"op":"receipt","channel":"5","user":"7","read":"3"}""")
            .ShouldBe(new ReceiptServerFrame("5", "7", null, 3));
        Read<TypingServerFrame>("""{"op":"typing","channel":"5","user":"7"}""").ShouldBe(new TypingServerFrame("5", "7"));
        Read<PresenceServerFrame>("""{"op":"presence","user":"7","status":"offline","last_active_at":6}""").Presence.ShouldBe(new UserPresence("7", false, 6));
        var reconnect = Read<ReconnectServerFrame>("""{"op":"reconnect","after_ms":250,"servers":[{"url":"ws://b/v1/ws","region":"eu","node":"b"}]}""");
        reconnect.AfterMs.ShouldBe(250);
        reconnect.Servers.ShouldBe([new ServerAddress("ws://b/v1/ws", "eu", "b")]);
    }

    [Fact]
    public void History_page()
    {
        var page = Read<OkServerFrame>(
            """{"op":"ok","ref":"r","messages":[{"id":"2","n":1,"at":9,"from":"42","type":"message","text":"x","edited_at":12,"reactions":[{"emoji":"👍","users":["7","8"]}]},{"id":"3","n":2,"at":9,"from":"42","type":"message","text":"","deleted":true}],"has_before":true,"has_after":false}""").Page!;

        page.Messages.Select(m => m.Id).ShouldBe([2, 3]);
        page.Messages[0].EditedAt.ShouldBe(12);
        page.Messages[0].Reactions.ShouldHaveSingleItem().Users.ShouldBe(["7", "8"]);
        page.Messages[1].Deleted.ShouldBeTrue();
        (page.HasBefore, page.HasAfter).ShouldBe((true, false));
    }

    [Fact]
    public void Answers_over_http()
    {
        var details = ServerFrameDecoder.DecodeChannel(Bytes("""{"channel":""" + Channel[..^1] + ""","members":[{"user":"7","role":"owner","delivered":"4","read":"3"},{"user":"8","role":"member"}]}}"""))!;
        details.Members.ShouldBe([new ChannelMember("7", "owner", 4, 3), new ChannelMember("8", "member", 0, 0)]);
        var list = ServerFrameDecoder.DecodeChannels(Bytes("""{"channels":[""" + Channel[..^1] + ""","last_message":{"id":"2","n":1,"at":9,"from":"42","type":"message","text":"x"}}],"cursor":"c"}"""))!;
        list.Channels.ShouldHaveSingleItem().LastMessage!.Text.ShouldBe("x");
        list.Cursor.ShouldBe("c");
        ServerFrameDecoder.DecodePage(Bytes("""{"messages":[],"has_before":false,"has_after":true}"""))!.HasAfter.ShouldBeTrue();
        ServerFrameDecoder.DecodePage(Bytes("[]")).ShouldBeNull();
    }

    [Fact]
    public void Unknown_operation_and_unknown_members_are_no_trouble()
    {
        Read<UnknownServerFrame>("""{"op":"weather","id":"x","n":1}""").Op.ShouldBe("weather");
        Read<TypingServerFrame>("""{"x":{"op":[1,{"op":2}]},"op":"typing","\u0061bc":null,"channel":"5","user":"7","a_name_longer_than_any_other":1}""").User.ShouldBe("7");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"op":7}""")]
    [InlineData("""{"op":"event"}""")]
    [InlineData("""{"op":"synced"}{"op":"synced"}""")]
    [InlineData("""{"op":"event","channel":"5","id":17,"n":12,"at":99,"from":"42","type":"created"}""")]
    [InlineData("""{"op":"event","channel":"5","id":"-1","n":12,"at":99,"from":"42","type":"created"}""")]
    [InlineData("""{"op":"event","channel":"5","id":"17","n":12,"at":99,"from":"42","type":"message"}""")]
    [InlineData("""{"op":"event","channel":"5","id":"17","n":12,"at":99,"from":"42","type":"message","text":"\ud800"}""")]
    [InlineData("""{"op":"sync","channel":"5","events":[],"more":false}""")]
    [InlineData("""{"op":"ok","ref":"r","messages":[{"id":"1"}]}""")]
    public void What_is_no_frame_is_malformed(string json) => ServerFrameDecoder.Decode(Bytes(json)).ShouldBeOfType<MalformedServerFrame>();

    [Fact]
    public void Client_reads_what_the_server_writes()
    {
        var writer = new FrameWriter();
        var text = string.Concat(Enumerable.Range(1, 0x21).Select(c => (char)c)) + "\"\\/한글👋🏽";
        ServerFrameEncoder.Event(writer, "5", new EventData(EventType.Message, 17, 12, 99, "42") { Text = text, ClientId = "c", ReplyTo = 3, Mentions = ["7"] });

        var e = ServerFrameDecoder.Decode(writer.Written).ShouldBeOfType<EventServerFrame>().Event.ShouldBeOfType<MessageEvent>();

        (e.Text, e.ClientId, e.ReplyTo).ShouldBe((text, "c", 3L));
    }

    private static T ReadEvent<T>(string end)
        where T : TimelineEvent
    {
        var frame = Read<EventServerFrame>(Event + end);
        frame.Channel.ShouldBe("5");
        return frame.Event.ShouldBeOfType<T>();
    }

    private static T Read<T>(string json)
        where T : ServerFrame => ServerFrameDecoder.Decode(Bytes(json)).ShouldBeOfType<T>();

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
