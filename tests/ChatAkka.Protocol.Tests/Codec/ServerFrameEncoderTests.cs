using System.Text;
using System.Text.Json;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Tests.Codec;

/// <summary>Golden bytes: a change here is a change of the protocol.</summary>
public sealed class ServerFrameEncoderTests
{
    private static readonly EventData Message = new(EventType.Message, 17, 12, 1_700_000_000_123, "42") { Text = "안녕 👋", ClientId = null };
    private static readonly ChannelData Channel = new("5", "group", "우리", 17, 12, 12, 0, 3);

    [Fact]
    public void Hello_ok() => Encode(w => ServerFrameEncoder.Hello(w, "1", new HelloOk("42", "43", "node-1", 1_700_000_000_000))).ShouldBe(
        """{"op":"ok","ref":"1","user_id":"42","device_id":"43","node":"node-1","time":1700000000000,"heartbeat_ms":5000,"timeout_ms":30000,"max_text":100000}""");

    [Fact]
    public void Heartbeat_ok() => Encode(w => ServerFrameEncoder.Heartbeat(w, "h", 5)).ShouldBe("""{"op":"ok","ref":"h","time":5}""");

    [Fact]
    public void Reconnect() => Encode(w => ServerFrameEncoder.Reconnect(w, 750, [])).ShouldBe("""{"op":"reconnect","after_ms":750}""");

    [Fact]
    public void Reconnect_elsewhere() =>
        Encode(w => ServerFrameEncoder.Reconnect(w, 750, [new ServerAddress("wss://b.example/v1/ws", "eu", "b")])).ShouldBe(
            """{"op":"reconnect","after_ms":750,"servers":[{"url":"wss://b.example/v1/ws","region":"eu","node":"b"}]}""");

    [Fact]
    public void Close_of_a_long_poll() => Encode(w => ServerFrameEncoder.Closed(w, 4409, "replaced")).ShouldBe(
        """{"op":"close","code":4409,"reason":"replaced"}""");

    [Fact]
    public void Send_ok()
    {
        Encode(w => ServerFrameEncoder.Sent(w, "r", new SendOk("1-2", 17, 12, 99, false))).ShouldBe("""{"op":"ok","ref":"r","channel":"1-2","id":"17","n":12,"at":99}""");
        Encode(w => ServerFrameEncoder.Sent(w, "r", new SendOk("1-2", 17, 12, 99, true))).ShouldBe(
            """{"op":"ok","ref":"r","channel":"1-2","id":"17","n":12,"at":99,"duplicate":true}""");
    }

    [Fact]
    public void Error()
    {
        Encode(w => ServerFrameEncoder.Error(w, "r", ErrorCodes.RateLimited, null, 250)).ShouldBe(
            """{"op":"error","ref":"r","code":"rate_limited","message":"Too many requests.","retry_ms":250}""");
        Encode(w => ServerFrameEncoder.Error(w, null, ErrorCodes.BadRequest, "no \"ref\"", 0)).ShouldBe(
            """{"op":"error","code":"bad_request","message":"no \"ref\""}""");
    }

    [Fact]
    public void Message_event() => Encode(w => ServerFrameEncoder.Event(w, "5", Message)).ShouldBe(
        """{"op":"event","channel":"5","id":"17","n":12,"at":1700000000123,"from":"42","type":"message","text":"안녕 👋"}""");

    [Fact]
    public void Message_event_for_the_senders_devices() =>
        Encode(w => ServerFrameEncoder.Event(w, "5", Message with { ClientId = "c", ReplyTo = 3, Mentions = ["7", "8"] })).ShouldBe(
            """{"op":"event","channel":"5","id":"17","n":12,"at":1700000000123,"from":"42","type":"message","text":"안녕 👋","client_id":"c","reply_to":"3","mentions":["7","8"]}""");

    [Theory]
    [InlineData(EventType.Created, "\"type\":\"created\"}")]
    [InlineData(EventType.MemberAdded, "\"type\":\"member_added\",\"user\":\"7\",\"role\":\"admin\"}")]
    [InlineData(EventType.MemberRemoved, "\"type\":\"member_removed\",\"user\":\"7\",\"role\":\"admin\"}")]
    [InlineData(EventType.Titled, "\"type\":\"titled\",\"title\":\"우리\"}")]
    public void Other_events(EventType type, string end) =>
        Encode(w => ServerFrameEncoder.Event(w, "5", new EventData(type, 1, 0, 9, "42") { User = "7", Role = "admin", Title = "우리" }))
            .ShouldBe("""{"op":"event","channel":"5","id":"1","n":0,"at":9,"from":"42",""" + end);

    [Fact]
    public void Sync() => Encode(w =>
    {
        ServerFrameEncoder.StartSync(w, Channel);
        TimelineEncoder.Event(w, new EventData(EventType.Created, 1, 0, 9, "42"));
        TimelineEncoder.Event(w, Message);
        ServerFrameEncoder.EndSync(w, more: true);
    }).ShouldBe(
        """{"op":"sync","channel":{"id":"5","kind":"group","title":"우리","head":"17","n":12,"unread":12,"read":"0","member_count":3},"events":[{"id":"1","n":0,"at":9,"from":"42","type":"created"},{"id":"17","n":12,"at":1700000000123,"from":"42","type":"message","text":"안녕 👋"}],"more":true}""");

    [Fact]
    public void Synced() => Encode(ServerFrameEncoder.Synced).ShouldBe("""{"op":"synced"}""");

    [Fact]
    public void Channel_appeared_and_disappeared()
    {
        Encode(w => ServerFrameEncoder.ChannelAppeared(w, Channel)).ShouldBe(
            """{"op":"channel","channel":{"id":"5","kind":"group","title":"우리","head":"17","n":12,"unread":12,"read":"0","member_count":3}}""");
        Encode(w => ServerFrameEncoder.ChannelDisappeared(w, "5")).ShouldBe("""{"op":"channel","removed":"5"}""");
    }

    [Fact]
    public void History_ok()
    {
        Encode(w =>
        {
            ServerFrameEncoder.StartHistory(w, "r");
            TimelineEncoder.Event(w, Message);
            TimelineEncoder.EndPage(w, hasBefore: true, hasAfter: false);
        }).ShouldBe(
            """{"op":"ok","ref":"r","messages":[{"id":"17","n":12,"at":1700000000123,"from":"42","type":"message","text":"안녕 👋"}],"has_before":true,"has_after":false}""");
        Encode(w =>
        {
            ServerFrameEncoder.StartHistory(w, "r");
            TimelineEncoder.EndPage(w, hasBefore: false, hasAfter: false);
        }).ShouldBe("""{"op":"ok","ref":"r","messages":[],"has_before":false,"has_after":false}""");
    }

    [Fact]
    public void Only_what_json_demands_is_escaped()
    {
        var text = string.Concat(Enumerable.Range(0, 0x21).Select(c => (char)c)) + "\"\\/'<>&+\u007f\u0085\u2028한글👋🏽";
        var json = Encode(w => ServerFrameEncoder.Event(w, "5", Message with { Text = text }));

        json.ShouldContain("""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000b\u000c\r\u000e""");
        json.ShouldContain("""\u001f \"\\/'<>&+""" + "\u007f\u0085\u2028한글👋🏽");
        JsonDocument.Parse(json).RootElement.GetProperty("text").GetString().ShouldBe(text);
    }

    [Fact]
    public void Random_text_comes_back_the_same()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var writer = new FrameWriter();
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(3_000)).Select(_ => Rune(random)));
            writer.Clear();
            ServerFrameEncoder.Event(writer, "5", Message with { Text = text });
            JsonDocument.Parse(writer.Written.ToArray()).RootElement.GetProperty("text").GetString().ShouldBe(text, $"seed {seed}");
        }
    }

    [Fact]
    public void A_writer_that_grew_gives_its_buffer_back()
    {
        var writer = new FrameWriter();
        ServerFrameEncoder.Event(writer, "5", Message with { Text = new string('한', 100_000) });
        writer.Written.Length.ShouldBeGreaterThan(300_000);
        writer.Clear();
        ServerFrameEncoder.Synced(writer);
        Encoding.UTF8.GetString(writer.Written).ShouldBe("""{"op":"synced"}""");
    }

    [Fact]
    public void Encoding_an_event_into_a_used_writer_allocates_nothing()
    {
        var writer = new FrameWriter();
        Encode(writer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Encode(writer);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Encode(FrameWriter writer)
        {
            writer.Clear();
            ServerFrameEncoder.Event(writer, "5", Message);
        }
    }

    private static string Rune(Random random) => random.Next(5) switch
    {
        0 => char.ConvertFromUtf32(random.Next(0, 0x80)),
        1 => char.ConvertFromUtf32(random.Next(0x80, 0x800)),
        2 => char.ConvertFromUtf32(random.Next(0xAC00, 0xD7A4)),
        3 => char.ConvertFromUtf32(random.Next(0x1F300, 0x1FAFF)),
        _ => "\"",
    };

    private static string Encode(Action<FrameWriter> write)
    {
        var writer = new FrameWriter();
        write(writer);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
