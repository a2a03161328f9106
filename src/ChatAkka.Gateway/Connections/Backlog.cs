using System.Runtime.InteropServices;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// What a socket whose client doesn't read is not sent one by one: of receipts the newest of each member of each channel waits. (Of typing nothing does.)
/// It is bounded by what there is to know, not by how often it changes.
/// </summary>
internal sealed class Backlog
{
    private readonly Dictionary<(ChannelId Channel, UserId User), (long Delivered, long Read)> _receipts = [];

    /// <summary>Merges receipts into those that wait.</summary>
    public void Add(ReceiptChanges receipts)
    {
        foreach (var change in receipts.Changes)
        {
            ref var waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_receipts, (receipts.Channel, change.User), out _);
            waiting = (Math.Max(waiting.Delivered, change.Delivered), Math.Max(waiting.Read, change.Read));
        }
    }

    /// <summary>Writes what waits and forgets it.</summary>
    public void WriteTo(SocketWriter writer)
    {
        foreach (var ((channel, user), (delivered, read)) in _receipts)
        {
            var encoder = SocketWriter.Encoder;
            ServerFrameEncoder.Receipt(encoder, channel.Value, user.Value, delivered, read);
            writer.Send(encoder);
        }

        _receipts.Clear();
    }
}
