using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.WebSockets.Framing;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// The frames of one <see cref="Delivery"/>, with their WebSocket headers, encoded once for all sockets of all members of the channel
/// and never changed. The sender's own devices need another form (with <c>client_id</c>), which is made when the first of them asks.
/// </summary>
internal sealed class DeliveryFrames
{
    // Where the frame of each event ends; null for a single event.
    private readonly int[]? _ends;

    private DeliveryFrames(byte[] bytes, int[]? ends) => (All, _ends) = (bytes, ends);

    /// <summary>The frames of all events, one after the other.</summary>
    public byte[] All { get; }

    /// <summary>The delivery's frames as everyone but the senders' devices gets them.</summary>
    public static DeliveryFrames Of(Delivery delivery, FrameWriter writer)
    {
        if (delivery.Frame is DeliveryFrames known)
        {
            return known;
        }

        delivery.Frame = Encode(delivery, writer);
        return (DeliveryFrames)delivery.Frame!;
    }

    /// <summary>The frame of the event with this index.</summary>
    public ReadOnlyMemory<byte> One(int index)
    {
        if (_ends is null)
        {
            return All;
        }

        var start = index == 0 ? 0 : _ends[index - 1];
        return All.AsMemory(start, _ends[index] - start);
    }

    /// <summary>One event's frame for a device of <paramref name="reader"/>; valid until the writer is used again.</summary>
    public static ReadOnlySpan<byte> Encode(ChannelId channel, ChannelEvent e, UserId reader, FrameWriter writer)
    {
        writer.Clear();
        ServerFrameEncoder.Event(writer, channel.Value, e.ToWire(reader));
        return WebSocketFrame.Text(writer);
    }

    private static DeliveryFrames Encode(Delivery delivery, FrameWriter writer)
    {
        if (delivery.Events.Length == 1)
        {
            return new DeliveryFrames(Encode(delivery.Channel, delivery.Events[0], default, writer).ToArray(), null);
        }

        var ends = new int[delivery.Events.Length];
        using var all = new MemoryStream();
        for (var i = 0; i < ends.Length; i++)
        {
            all.Write(Encode(delivery.Channel, delivery.Events[i], default, writer));
            ends[i] = (int)all.Length;
        }

        return new DeliveryFrames(all.ToArray(), ends);
    }
}
