using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// Writes what a device missed in one channel. The frame keeps to the size that frames may have: events that don't fit are left
/// to the client's paging, as those beyond the hundredth are.
/// </summary>
internal static class SyncFrame
{
    private const int MaxBytes = ProtocolLimits.MaxFrameBytes - 4096;

    public static void Write(FrameWriter writer, SyncChannel sync, UserId reader)
    {
        ServerFrameEncoder.StartSync(writer, sync.View.ToWire(sync.Read, sync.Unread));
        var more = sync.More;
        var bytes = 0;
        foreach (var e in sync.Events)
        {
            bytes += WireSize.Of(e);
            if (bytes > MaxBytes)
            {
                more = true;
                break;
            }

            TimelineEncoder.Event(writer, e.ToWire(reader));
        }

        ServerFrameEncoder.EndSync(writer, more);
    }
}
