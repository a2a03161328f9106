using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// Reads what a server says: frames, and the answers of the HTTP API that have the same form. It never throws, whatever the bytes are.
/// Unknown members are ignored.
/// </summary>
public static class ServerFrameDecoder
{
    private static readonly MalformedServerFrame NotAFrame = new("not a JSON object of this protocol");

    /// <summary>Reads a frame: <see cref="UnknownServerFrame"/> if its operation isn't known, <see cref="MalformedServerFrame"/> if it
    /// isn't one.</summary>
    public static ServerFrame Decode(ReadOnlySpan<byte> json)
    {
        if (!WireObject.TryRead(json, out var o) || o.Op is null)
        {
            return NotAFrame;
        }

        ServerFrame? frame = o.Op switch
        {
            "event" => o.Channel is not null && WireConversions.Event(o) is { } e ? new EventServerFrame(o.Channel, e) : null,
            "ok" => Ok(o),
            "error" => o.Code is null ? null : new ErrorServerFrame(o.Ref, o.Code, o.Message ?? "", o.RetryMs ?? 0),
            "sync" => o is { ChannelObject: { } details, Events: { } events } ? new SyncServerFrame(details.Channel, events, o.More) : null,
            "synced" => new SyncedServerFrame(),
            "channel" => Channel(o),
            "receipt" => o is { Channel: not null, User: not null } ? new ReceiptServerFrame(o.Channel, o.User, o.Delivered, o.Read) : null,
            "typing" => o is { Channel: not null, User: not null } ? new TypingServerFrame(o.Channel, o.User) : null,
            "presence" => WireConversions.Presence(o) is { } presence ? new PresenceServerFrame(presence) : null,
            "reconnect" => new ReconnectServerFrame(o.AfterMs ?? 0, o.Servers ?? []),
            _ => new UnknownServerFrame(o.Op),
        };
        return frame ?? new MalformedServerFrame($"a frame \"{o.Op}\" that lacks a member");
    }

    /// <summary>Reads a page of messages.</summary>
    /// <returns>Null if it isn't one.</returns>
    public static MessagePage? DecodePage(ReadOnlySpan<byte> json) => WireObject.TryRead(json, out var o) ? WireConversions.Page(o) : null;

    /// <summary>Reads <c>{"channel":{…}}</c>.</summary>
    /// <returns>Null if it isn't that.</returns>
    public static ChannelDetails? DecodeChannel(ReadOnlySpan<byte> json) => WireObject.TryRead(json, out var o) ? o.ChannelObject : null;

    /// <summary>Reads a page of channels.</summary>
    /// <returns>Null if it isn't one.</returns>
    public static ChannelPage? DecodeChannels(ReadOnlySpan<byte> json) =>
        WireObject.TryRead(json, out var o) ? WireConversions.Channels(o) : null;

    private static OkServerFrame Ok(in WireObject o) => new(o.Ref)
    {
        Welcome = o is { UserId: not null, DeviceId: not null } ? Welcome(o) : null,
        Channel = o.Channel,
        Id = o.Id ?? 0,
        N = o.N ?? 0,
        At = o.At ?? 0,
        Duplicate = o.Duplicate,
        Time = o.Time ?? 0,
        Presence = o.Presence,
        Page = WireConversions.Page(o),
    };

    private static SessionWelcome Welcome(in WireObject o) => new(
        o.UserId!,
        o.DeviceId!,
        o.Node ?? "",
        o.Time ?? 0,
        Positive(o.HeartbeatMs, ProtocolLimits.HeartbeatMs),
        Positive(o.TimeoutMs, ProtocolLimits.TimeoutMs),
        Positive(o.MaxText, ProtocolLimits.MaxTextLength));

    private static int Positive(long? number, int otherwise) => number is > 0 and <= int.MaxValue ? (int)number : otherwise;

    private static ServerFrame? Channel(in WireObject o) => o switch
    {
        { ChannelObject: not null } => new ChannelAppearedServerFrame(o.ChannelObject.Channel),
        { Removed: not null } => new ChannelDisappearedServerFrame(o.Removed),
        _ => null,
    };
}
