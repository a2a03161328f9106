using ChatAkka.Actors.Users;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.Connections;

/// <summary>The frames of one <see cref="ReceiptChanges"/>, encoded once for all sockets of all members.</summary>
internal static class ReceiptFrames
{
    public static byte[] Of(ReceiptChanges receipts, FrameWriter writer)
    {
        if (receipts.Frame is byte[] known)
        {
            return known;
        }

        using var all = new MemoryStream();
        foreach (var change in receipts.Changes)
        {
            writer.Clear();
            ServerFrameEncoder.Receipt(writer, receipts.Channel.Value, change.User.Value, change.Delivered, change.Read);
            all.Write(WebSocketFrame.Text(writer));
        }

        receipts.Frame = all.ToArray();
        return (byte[])receipts.Frame!;
    }
}
