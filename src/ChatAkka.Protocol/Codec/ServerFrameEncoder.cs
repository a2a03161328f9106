using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>Writes the frames of a server. Each method writes exactly one frame, except the parts of a <c>sync</c>.</summary>
public static class ServerFrameEncoder
{
    /// <summary>Answers a <c>hello</c>.</summary>
    public static void Hello(FrameWriter writer, string? reference, in HelloOk ok) =>
        Ok(writer, reference)
            .Name("user_id"u8).String(ok.UserId)
            .Name("device_id"u8).String(ok.DeviceId)
            .Name("node"u8).String(ok.Node)
            .Name("time"u8).Number(ok.Time)
            .Name("heartbeat_ms"u8).Number(ProtocolLimits.HeartbeatMs)
            .Name("timeout_ms"u8).Number(ProtocolLimits.TimeoutMs)
            .Name("max_text"u8).Number(ProtocolLimits.MaxTextLength)
            .EndObject();

    /// <summary>Answers a <c>heartbeat</c> that gave a <c>ref</c>.</summary>
    public static void Heartbeat(FrameWriter writer, string reference, long time) =>
        Ok(writer, reference).Name("time"u8).Number(time).EndObject();

    /// <summary>Answers a <c>send</c>.</summary>
    public static void Sent(FrameWriter writer, string? reference, in SendOk ok)
    {
        Ok(writer, reference)
            .Name("channel"u8).String(ok.Channel)
            .Name("id"u8).Id(ok.Id)
            .Name("n"u8).Number(ok.N)
            .Name("at"u8).Number(ok.At);
        if (ok.Duplicate)
        {
            writer.Name("duplicate"u8).Bool(true);
        }

        writer.EndObject();
    }

    /// <summary>Answers an <c>edit</c>, <c>delete</c>, <c>react</c> or <c>unreact</c>.</summary>
    public static void Annotated(FrameWriter writer, string? reference, string channel, long id) =>
        Ok(writer, reference).Name("channel"u8).String(channel).Name("id"u8).Id(id).EndObject();

    /// <summary>Says that a request failed.</summary>
    /// <param name="detail">For people; the code's own message if null.</param>
    /// <param name="retryMs">When to try again; 0 leaves it out.</param>
    public static void Error(FrameWriter writer, string? reference, ErrorCode code, string? detail, long retryMs)
    {
        Reference(Op(writer, "error"u8), reference)
            .Name("code"u8).Literal(code.Utf8)
            .Name("message"u8).String(detail ?? code.Message);
        if (retryMs > 0)
        {
            writer.Name("retry_ms"u8).Number(retryMs);
        }

        writer.EndObject();
    }

    /// <summary>A live event.</summary>
    public static void Event(FrameWriter writer, string channel, in EventData data)
    {
        Op(writer, "event"u8).Name("channel"u8).String(channel);
        TimelineEncoder.EventMembers(writer, data);
        writer.EndObject();
    }

    /// <summary>The beginning of a <c>sync</c>; <see cref="TimelineEncoder.Event"/> for each event and <see cref="EndSync"/> complete
    /// it.</summary>
    public static void StartSync(FrameWriter writer, in ChannelData channel)
    {
        Op(writer, "sync"u8).Name("channel"u8);
        TimelineEncoder.Channel(writer, channel);
        writer.Name("events"u8).StartArray();
    }

    /// <summary>The end of a <c>sync</c>.</summary>
    /// <param name="more">There is more than the events that were written.</param>
    public static void EndSync(FrameWriter writer, bool more) => writer.EndArray().Name("more"u8).Bool(more).EndObject();

    /// <summary>The device has everything.</summary>
    public static void Synced(FrameWriter writer) => Op(writer, "synced"u8).EndObject();

    /// <summary>The user became a member of a channel.</summary>
    public static void ChannelAppeared(FrameWriter writer, in ChannelData channel)
    {
        Op(writer, "channel"u8).Name("channel"u8);
        TimelineEncoder.Channel(writer, channel);
        writer.EndObject();
    }

    /// <summary>The user isn't a member of a channel any more.</summary>
    public static void ChannelDisappeared(FrameWriter writer, string channel) =>
        Op(writer, "channel"u8).Name("removed"u8).String(channel).EndObject();

    /// <summary>A member got further in a channel.</summary>
    /// <param name="delivered">0 leaves it out.</param>
    /// <param name="read">0 leaves it out.</param>
    public static void Receipt(FrameWriter writer, string channel, string user, long delivered, long read)
    {
        Op(writer, "receipt"u8).Name("channel"u8).String(channel).Name("user"u8).String(user);
        if (delivered != 0)
        {
            writer.Name("delivered"u8).Id(delivered);
        }

        if (read != 0)
        {
            writer.Name("read"u8).Id(read);
        }

        writer.EndObject();
    }

    /// <summary>Somebody is writing.</summary>
    public static void Typing(FrameWriter writer, string channel, string user) =>
        Op(writer, "typing"u8).Name("channel"u8).String(channel).Name("user"u8).String(user).EndObject();

    /// <summary>A watched user came or went.</summary>
    public static void Presence(FrameWriter writer, in PresenceData presence)
    {
        Op(writer, "presence"u8);
        PresenceMembers(writer, presence);
        writer.EndObject();
    }

    /// <summary>Answers a <c>watch</c>.</summary>
    public static void Watched(FrameWriter writer, string? reference, IEnumerable<PresenceData> users)
    {
        Ok(writer, reference).Name("presence"u8).StartArray();
        foreach (var user in users)
        {
            writer.StartObject();
            PresenceMembers(writer, user);
            writer.EndObject();
        }

        writer.EndArray().EndObject();
    }

    /// <summary>The beginning of the answer to a <c>history</c>; <see cref="TimelineEncoder.Event"/> for each message and
    /// <see cref="TimelineEncoder.EndPage"/> complete it.</summary>
    public static void StartHistory(FrameWriter writer, string? reference)
    {
        Ok(writer, reference);
        TimelineEncoder.StartPage(writer);
    }

    /// <summary>The last frame of a long poll's session: what a socket is told by its close frame.</summary>
    public static void Closed(FrameWriter writer, int code, string reason) =>
        Op(writer, "close"u8).Name("code"u8).Number(code).Name("reason"u8).String(reason).EndObject();

    /// <summary>The node is going away.</summary>
    /// <param name="afterMs">When this client should come back.</param>
    /// <param name="servers">Where to, best first; may be empty.</param>
    public static void Reconnect(FrameWriter writer, long afterMs, IReadOnlyList<ServerAddress> servers)
    {
        Op(writer, "reconnect"u8).Name("after_ms"u8).Number(afterMs);
        if (servers.Count > 0)
        {
            writer.Name("servers"u8).StartArray();
            foreach (var server in servers)
            {
                writer.StartObject().Name("url"u8).String(server.Url).Name("region"u8).String(server.Region)
                    .Name("node"u8).String(server.Node).EndObject();
            }

            writer.EndArray();
        }

        writer.EndObject();
    }

    private static void PresenceMembers(FrameWriter writer, in PresenceData presence)
    {
        writer.Name("user"u8).String(presence.User).Name("status"u8).Literal(presence.IsOnline ? "online"u8 : "offline"u8);
        if (presence.LastActiveAt != 0)
        {
            writer.Name("last_active_at"u8).Number(presence.LastActiveAt);
        }
    }

    private static FrameWriter Ok(FrameWriter writer, string? reference) => Reference(Op(writer, "ok"u8), reference);

    private static FrameWriter Op(FrameWriter writer, ReadOnlySpan<byte> op) => writer.StartObject().Name("op"u8).Literal(op);

    private static FrameWriter Reference(FrameWriter writer, string? reference) =>
        reference is null ? writer : writer.Name("ref"u8).String(reference);
}
