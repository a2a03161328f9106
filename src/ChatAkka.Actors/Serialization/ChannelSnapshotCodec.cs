using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using Google.Protobuf;

namespace ChatAkka.Actors.Serialization;

/// <summary>Snapshots of channels to and from their stored form.</summary>
internal static class ChannelSnapshotCodec
{
    public static byte[] Encode(ChannelState state)
    {
        var stored = new Stored.Channel
        {
            Channel_ = state.Id.Value,
            Kind = (int)state.Kind,
            Title = state.Title,
            Creator = ChannelEventCodec.Number(state.Creator.Value),
            Head = state.Head,
            N = state.N,
            RecentFirst = state.Sends.OpenFirst,
        };
        stored.Members.AddRange(state.Members.Select(ChannelEventCodec.Encode));
        foreach (var key in state.Sends.OpenKeys)
        {
            stored.RecentKeys.Add(key);
        }

        foreach (var block in state.Sends.Blocks)
        {
            stored.SealedSends.Add(new Stored.SealedSends
            {
                First = block.First,
                Shift = block.Shift,
                Table = UnsafeByteOperations.UnsafeWrap(block.Bytes),
            });
        }

        return stored.ToByteArray();
    }

    /// <exception cref="ArgumentException">The stored state is impossible.</exception>
    public static ChannelState Decode(byte[] bytes)
    {
        var stored = Stored.Channel.Parser.ParseFrom(bytes);
        ImmutableArray<SendBlock> blocks = [.. stored.SealedSends.Select(s => SendBlock.Restore(s.First, s.Shift, s.Table.ToByteArray()))];
        return ChannelState.Restore(
            new ChannelId(stored.Channel_),
            (ChannelKind)stored.Kind,
            stored.Title,
            ChannelEventCodec.User(stored.Creator),
            [.. stored.Members.Select(ChannelEventCodec.Decode)],
            stored.Head,
            stored.N,
            SendLog.Restore(blocks, stored.RecentFirst, stored.RecentKeys.ToArray()));
    }
}
