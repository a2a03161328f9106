using System.Reflection;
using System.Text;
using System.Text.Json;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;
using ChatAkka.Tests.Documents;

namespace ChatAkka.Protocol.Tests.Documents;

/// <summary>What the encoder writes is what asyncapi.json says that a server writes.</summary>
public sealed class ServerMessageTests
{
    private static readonly AsyncApi Api = AsyncApi.Published;
    private static readonly ChannelData Channel = new("7", "group", "Friday", 17, 12, 3, 9, 3);
    private static readonly EventData Message = new(EventType.Message, 17, 12, 1_800_000_000_000, "42")
    {
        Text = "text",
        ClientId = "c",
        ReplyTo = 3,
        Mentions = ["7"],
    };

    // What each method writes, and the op of the request that it answers.
    private static readonly (string Method, string? Request, Action<FrameWriter> Write)[] Written =
    [
        ("Hello", "hello", w => ServerFrameEncoder.Hello(w, "1", new HelloOk("42", "43", "node-1", 5))),
        ("Heartbeat", "heartbeat", w => ServerFrameEncoder.Heartbeat(w, "1", 5)),
        ("Sent", "send", w => ServerFrameEncoder.Sent(w, "1", new SendOk("7", 17, 12, 5, Duplicate: true))),
        ("Annotated", "edit", w => ServerFrameEncoder.Annotated(w, "1", "7", 17)),
        ("Error", "send", w => ServerFrameEncoder.Error(w, "1", ErrorCodes.RateLimited, null, 250)),
        ("Event", null, w => ServerFrameEncoder.Event(w, "7", Message)),
        .. Enum.GetValues<EventType>()
            .Select(type => ("Event", (string?)null, (Action<FrameWriter>)(w => ServerFrameEncoder.Event(w, "7", OfType(type))))),
        ("StartSync", null, w => Sync(w)),
        ("EndSync", null, w => Sync(w)),
        ("Synced", null, ServerFrameEncoder.Synced),
        ("ChannelAppeared", null, w => ServerFrameEncoder.ChannelAppeared(w, Channel)),
        ("ChannelDisappeared", null, w => ServerFrameEncoder.ChannelDisappeared(w, "7")),
        ("Receipt", null, w => ServerFrameEncoder.Receipt(w, "7", "42", 5, 4)),
        ("Typing", null, w => ServerFrameEncoder.Typing(w, "7", "42")),
        ("Presence", null, w => ServerFrameEncoder.Presence(w, new PresenceData("42", true, 5))),
        ("Watched", "watch", w => ServerFrameEncoder.Watched(w, "1", [new PresenceData("42", true, 5), new PresenceData("7", false, 0)])),
        ("StartHistory", "history", History),
        ("Reconnect", "reconnect", w => ServerFrameEncoder.Reconnect(w, 750, [new ServerAddress("wss://b.example/v1/ws", "eu", "b")])),
        ("Closed", null, w => ServerFrameEncoder.Closed(w, 4409, "replaced")),
    ];

    [Fact]
    public void Every_frame_that_the_encoder_writes_is_documented_member_by_member()
    {
        foreach (var (method, request, write) in Written)
        {
            var frame = Encode(write);
            Api.CheckFrame(frame, request is null ? [] : [request]).Errors.ShouldBeEmpty($"{method}: {frame}");
        }
    }

    [Fact]
    public void Every_method_of_the_encoder_is_tried()
    {
        var methods = typeof(ServerFrameEncoder).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.Name);
        Written.Select(written => written.Method).Distinct().ShouldBe(methods.Distinct(), ignoreOrder: true);
    }

    [Fact]
    public void Every_documented_member_of_every_frame_is_written()
    {
        var written = Written.Select(written => (Frame: Encode(written.Write), written.Request))
            .Select(frame => (Api.CheckFrame(frame.Frame, frame.Request is null ? [] : [frame.Request]).Message, frame.Frame))
            .ToLookup(frame => frame.Message!.Name, frame => MemberPaths.Of(frame.Frame));
        var server = Api.Messages.Values.Except(Api.Operations.Values.Select(operation => operation.Request));
        foreach (var message in server)
        {
            MemberPaths.Of(message.Schema, Api.Resolve).Except(written[message.Name].SelectMany(paths => paths))
                .ShouldBeEmpty($"members of {message.Name}");
        }
    }

    [Fact]
    public void Examples_fit_their_schemas()
    {
        foreach (var message in Api.Messages.Values)
        {
            message.Examples.ShouldNotBeEmpty(message.Name);
            foreach (var example in message.Examples)
            {
                Api.Check(message.Schema, example).ShouldBeEmpty($"{message.Name}: {example}");
            }
        }
    }

    [Fact]
    public void Examples_of_frames_of_the_server_are_known_to_the_decoder()
    {
        var server = Api.Messages.Values.Except(Api.Operations.Values.Select(operation => operation.Request))
            .Where(message => message.Op != "close");
        foreach (var example in server.SelectMany(message => message.Examples))
        {
            var frame = ServerFrameDecoder.Decode(Encoding.UTF8.GetBytes(example.GetRawText()));
            frame.ShouldNotBeOfType<UnknownServerFrame>(example.ToString());
            frame.ShouldNotBeOfType<MalformedServerFrame>(example.ToString());
        }
    }

    [Fact]
    public void Every_type_of_event_has_an_example() =>
        Api.Messages["event"].Examples.Select(example => example.GetProperty("type").GetString())
            .ShouldBe(Enum.GetValues<EventType>().Select(NameOf), ignoreOrder: true);

    private static string? NameOf(EventType type) =>
        Encode(w => ServerFrameEncoder.Event(w, "7", OfType(type))).GetProperty("type").GetString();

    private static EventData OfType(EventType type) => Message with
    {
        Type = type,
        Target = 3,
        Emoji = "🥟",
        User = "7",
        Role = "admin",
        Title = "Friday",
    };

    private static void Sync(FrameWriter writer)
    {
        ServerFrameEncoder.StartSync(writer, Channel);
        foreach (var type in Enum.GetValues<EventType>())
        {
            TimelineEncoder.Event(writer, OfType(type));
        }

        ServerFrameEncoder.EndSync(writer, more: true);
    }

    private static void History(FrameWriter writer)
    {
        ServerFrameEncoder.StartHistory(writer, "1");
        TimelineEncoder.Event(writer, Message with { EditedAt = 5, Reactions = [new ReactionData("🥟", ["42"])] });
        TimelineEncoder.Event(writer, Message with { Text = "", Mentions = null, Deleted = true });
        TimelineEncoder.EndPage(writer, hasBefore: true, hasAfter: false);
    }

    private static JsonElement Encode(Action<FrameWriter> write)
    {
        var writer = new FrameWriter();
        write(writer);
        return JsonDocument.Parse(writer.Written.ToArray()).RootElement;
    }
}
