using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Exports;

/// <summary>Writes one channel's timeline, and what it comes to.</summary>
internal sealed class TimelineExport(ChannelId channel, LineWriter file, TransferProgress progress)
{
    private readonly JournalOrder _order = new($"channel {channel}");
    private ChannelState _state = ChannelState.Empty(channel);

    public void Receive(JournalRow row)
    {
        _order.Follow(row);
        try
        {
            var e = StoredEvents.DecodeChannelEvent(row.Manifest, row.Payload) ?? throw _order.Unknown();
            _state = Channel.Apply(_state, e);
            TimelineLine.Write(file.Start(), channel, e);
            file.End(row.Payload, StoredEvents.Encode(e).Payload);
        }
        catch (UnknownValueException)
        {
            throw _order.Unknown();
        }
        catch (InvalidOperationException e)
        {
            throw new TransferException(
                $"Event {row.SequenceNr} of channel {channel} can't have happened: the store is damaged. {e.Message}", e);
        }

        progress.Advance();
    }

    /// <summary>The timeline is over.</summary>
    public void End(LineWriter channels)
    {
        // Its events may have been deleted since it was named.
        if (_state.Exists)
        {
            ChannelLine.Write(channels.Start(), _state);
            channels.End();
        }
    }
}
