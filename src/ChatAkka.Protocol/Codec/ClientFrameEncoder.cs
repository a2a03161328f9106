using System.Text;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// Writes the frames of a client; each method writes exactly one. Strings must be well-formed Unicode: <see cref="FrameWriter"/> would
/// replace what isn't.
/// </summary>
public static class ClientFrameEncoder
{
    /// <summary>Opens the session.</summary>
    /// <param name="cursors">Channel → highest id that the device has; null leaves it to the server's cursors.</param>
    /// <exception cref="ArgumentException">A cursor's channel is no channel id.</exception>
    public static void Hello(FrameWriter writer, string reference, string token, IEnumerable<KeyValuePair<string, long>>? cursors)
    {
        Op(writer, "hello"u8, reference).Name("token"u8).String(token);
        if (cursors is not null)
        {
            writer.Name("cursors"u8).StartObject();
            foreach (var (channel, id) in cursors)
            {
                writer.Name(Key(channel)).Id(id);
            }

            writer.EndObject();
        }

        writer.EndObject();
    }

    /// <summary>Says that the client is there; answered only with a <paramref name="reference"/>.</summary>
    public static void Heartbeat(FrameWriter writer, string? reference) => Op(writer, "heartbeat"u8, reference).EndObject();

    /// <summary>Posts a text to <paramref name="channel"/>, or to the direct channel with the user <paramref name="to"/>; exactly one is
    /// given.</summary>
    /// <param name="replyTo">A message's id, or 0.</param>
    /// <param name="mentions">User ids; null for none.</param>
    public static void Send(
        FrameWriter writer,
        string reference,
        string? channel,
        string? to,
        string clientId,
        string text,
        long replyTo,
        IReadOnlyList<string>? mentions)
    {
        Op(writer, "send"u8, reference);
        _ = channel is null ? writer.Name("to"u8).String(to!) : writer.Name("channel"u8).String(channel);
        SendMembers(writer, clientId, text, replyTo, mentions);
        writer.EndObject();
    }

    /// <summary>The body of a send over HTTP.</summary>
    /// <param name="replyTo">A message's id, or 0.</param>
    /// <param name="mentions">User ids; null for none.</param>
    public static void SendBody(FrameWriter writer, string clientId, string text, long replyTo, IReadOnlyList<string>? mentions)
    {
        writer.StartObject();
        SendMembers(writer, clientId, text, replyTo, mentions);
        writer.EndObject();
    }

    /// <summary>Gives a message another text.</summary>
    /// <param name="seen">The newest event of the channel that the device had when it asked first; 0 if it doesn't say.</param>
    public static void Edit(FrameWriter writer, string reference, string channel, long id, string text, long seen = 0) =>
        Seen(Message(writer, "edit"u8, reference, channel, id).Name("text"u8).String(text), seen).EndObject();

    /// <summary>Deletes a message.</summary>
    public static void Delete(FrameWriter writer, string reference, string channel, long id) =>
        Message(writer, "delete"u8, reference, channel, id).EndObject();

    /// <summary>Reacts to a message.</summary>
    /// <param name="seen">As in <see cref="Edit"/>.</param>
    public static void React(FrameWriter writer, string reference, string channel, long id, string emoji, long seen = 0) =>
        Seen(Message(writer, "react"u8, reference, channel, id).Name("emoji"u8).String(emoji), seen).EndObject();

    /// <summary>Takes a reaction back.</summary>
    /// <param name="seen">As in <see cref="Edit"/>.</param>
    public static void Unreact(FrameWriter writer, string reference, string channel, long id, string emoji, long seen = 0) =>
        Seen(Message(writer, "unreact"u8, reference, channel, id).Name("emoji"u8).String(emoji), seen).EndObject();

    /// <summary>The user is typing; never answered.</summary>
    public static void Typing(FrameWriter writer, string channel) =>
        Op(writer, "typing"u8, null).Name("channel"u8).String(channel).EndObject();

    /// <summary>The device has everything up to <paramref name="id"/>; not answered.</summary>
    public static void Delivered(FrameWriter writer, string channel, long id) =>
        Message(writer, "delivered"u8, null, channel, id).EndObject();

    /// <summary>The user has read everything up to <paramref name="id"/>; not answered.</summary>
    public static void Read(FrameWriter writer, string channel, long id) => Message(writer, "read"u8, null, channel, id).EndObject();

    /// <summary>Replaces the set of users whose presence the device shows.</summary>
    public static void Watch(FrameWriter writer, string reference, IEnumerable<string> users)
    {
        Op(writer, "watch"u8, reference);
        Strings(writer.Name("users"u8), users);
        writer.EndObject();
    }

    /// <summary>Asks for a page of messages.</summary>
    public static void History(FrameWriter writer, string reference, string channel, HistoryRange range)
    {
        Op(writer, "history"u8, reference).Name("channel"u8).String(channel);
        _ = range.Side switch
        {
            HistorySide.Before => writer.Name("before"u8).Id(range.Anchor),
            HistorySide.After => writer.Name("after"u8).Id(range.Anchor),
            HistorySide.Around => writer.Name("around"u8).Id(range.Anchor),
            _ => writer,
        };
        writer.Name("limit"u8).Number(range.Limit).EndObject();
    }

    private static void SendMembers(FrameWriter writer, string clientId, string text, long replyTo, IReadOnlyList<string>? mentions)
    {
        writer.Name("client_id"u8).String(clientId).Name("text"u8).String(text);
        if (replyTo != 0)
        {
            writer.Name("reply_to"u8).Id(replyTo);
        }

        if (mentions is { Count: > 0 })
        {
            Strings(writer.Name("mentions"u8), mentions);
        }
    }

    private static FrameWriter Message(FrameWriter writer, ReadOnlySpan<byte> op, string? reference, string channel, long id) =>
        Op(writer, op, reference).Name("channel"u8).String(channel).Name("id"u8).Id(id);

    private static FrameWriter Seen(FrameWriter writer, long seen) => seen > 0 ? writer.Name("seen"u8).Id(seen) : writer;

    private static FrameWriter Op(FrameWriter writer, ReadOnlySpan<byte> op, string? reference)
    {
        writer.StartObject().Name("op"u8).Literal(op);
        return reference is null ? writer : writer.Name("ref"u8).String(reference);
    }

    // A member's name is written as it is: nothing in it may need an escape.
    private static byte[] Key(string channel) => channel.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        ? Encoding.ASCII.GetBytes(channel)
        : throw new ArgumentException("not a channel id", nameof(channel));

    private static void Strings(FrameWriter writer, IEnumerable<string> texts)
    {
        writer.StartArray();
        foreach (var text in texts)
        {
            writer.String(text);
        }

        writer.EndArray();
    }
}
