using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Protocol.Codec;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Http;

/// <summary>The bodies that show channels and messages, in the same form as the WebSocket's frames.</summary>
internal static class ChannelJson
{
    /// <summary><c>{"channel":{…}}</c> with the members and how far they have got.</summary>
    public static IResult Channel(int status, ChannelView view, UserId reader, IReadOnlyCollection<Receipt> receipts)
    {
        var byUser = receipts.ToDictionary(receipt => receipt.User);
        var writer = new FrameWriter();
        writer.StartObject().Name("channel"u8).StartObject();
        TimelineEncoder.ChannelMembers(writer, view.For(reader).ToWire(byUser.GetValueOrDefault(reader)));
        writer.Name("members"u8).StartArray();
        foreach (var member in view.Members)
        {
            var receipt = byUser.GetValueOrDefault(member.User);
            writer.StartObject()
                .Name("user"u8).String(member.User.Value)
                .Name("role"u8).String(WireEvents.Role(member.Role))
                .Name("delivered"u8).Id(Math.Max(receipt.Delivered, member.Since - 1))
                .Name("read"u8).Id(Receipt.ReadCursor(member, receipt.Read, receipt.ReadN).Read)
                .EndObject();
        }

        writer.EndArray().EndObject().EndObject();
        return Answers.Encoded(status, writer);
    }

    /// <summary><c>{"channels":[…],"cursor"?:…}</c>, each channel with its last message.</summary>
    public static IResult Channels(ChannelListPage page, UserId reader)
    {
        var byChannel = page.Receipts.ToDictionary(receipt => receipt.Channel);
        var writer = new FrameWriter();
        writer.StartObject().Name("channels"u8).StartArray();
        foreach (var (view, last) in page.Channels)
        {
            writer.StartObject();
            TimelineEncoder.ChannelMembers(writer, view.For(reader).ToWire(byChannel.GetValueOrDefault(view.Id)));
            if (page.Muted.Contains(view.Id))
            {
                writer.Name("muted"u8).Bool(true);
            }

            if (last is not null)
            {
                writer.Name("last_message"u8);
                TimelineEncoder.Event(writer, last.ToWire(reader));
            }

            writer.EndObject();
        }

        writer.EndArray();
        if (page.Cursor is not null)
        {
            writer.Name("cursor"u8).String(page.Cursor);
        }

        writer.EndObject();
        return Answers.Encoded(StatusCodes.Status200OK, writer);
    }

    /// <summary><c>{"messages":[…],"has_before":…,"has_after":…}</c>.</summary>
    public static IResult Page(HistoryPage page, UserId reader)
    {
        var writer = new FrameWriter();
        writer.StartObject();
        TimelineEncoder.StartPage(writer);
        foreach (var message in page.Messages)
        {
            TimelineEncoder.Event(writer, message.ToWire(reader));
        }

        TimelineEncoder.EndPage(writer, page.HasBefore, page.HasAfter);
        return Answers.Encoded(StatusCodes.Status200OK, writer);
    }
}
