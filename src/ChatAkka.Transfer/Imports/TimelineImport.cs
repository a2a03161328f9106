using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Imports;

/// <summary>Loads the timelines, and holds each against the line that says where it ends.</summary>
internal sealed class TimelineImport : IDisposable
{
    private readonly LineReader _timelines;
    private readonly LineReader _channels;
    private readonly JournalLines _lines = new();
    private ChannelId? _current;

    private TimelineImport(string directory)
    {
        _timelines = new LineReader(directory, ExportFiles.Timelines);
        _channels = new LineReader(directory, ExportFiles.Channels);
    }

    public static async Task RunAsync(
        AppendLanes lanes, string directory, ExportManifest manifest, TransferProgress progress, CancellationToken cancel)
    {
        using var import = new TimelineImport(directory);
        while (await import.NextAsync(cancel).ConfigureAwait(false) is { } row)
        {
            await lanes.AddAsync(row).ConfigureAwait(false);
            progress.Advance();
        }

        if (await import._channels.NextAsync(cancel).ConfigureAwait(false) is { } line)
        {
            throw line.Wrong("is of a channel without a timeline");
        }

        import._timelines.RequireCount(manifest.LinesOf(ExportFiles.Timelines));
        import._channels.RequireCount(manifest.LinesOf(ExportFiles.Channels));
    }

    public void Dispose()
    {
        _timelines.Dispose();
        _channels.Dispose();
    }

    private async ValueTask<JournalRow?> NextAsync(CancellationToken cancel)
    {
        if (await _timelines.NextAsync(cancel).ConfigureAwait(false) is not { } line)
        {
            await EndChannelAsync(cancel).ConfigureAwait(false);
            return null;
        }

        var channel = line.Channel("channel");
        if (channel != _current)
        {
            await EndChannelAsync(cancel).ConfigureAwait(false);
            _current = channel;
            _lines.Begin(JournalOwner.PersistenceId(channel));
        }

        var e = TimelineLine.Read(line);
        _lines.Follow(line, e.Id);
        var said = StoredEvents.Encode(e);
        var row = _lines.Row(
            line,
            said,
            raw => StoredEvents.DecodeChannelEvent(said.Manifest, raw) is { } known ? StoredEvents.Encode(known).Payload : null);

        // Nothing of it is to be delivered: whoever is to have it had it before the export, or asks for it with their cursor.
        return row with { Annotates = e is Annotation annotation ? (annotation.Target, annotation.Slot) : null };
    }

    private async ValueTask EndChannelAsync(CancellationToken cancel)
    {
        if (_current is not { } channel)
        {
            return;
        }

        var line = await _channels.NextAsync(cancel).ConfigureAwait(false)
            ?? throw new TransferException($"{_channels.Name} lacks a line for channel {channel}.");
        var (listed, head) = ChannelLine.Read(line);
        if (listed != channel || head != _lines.Last)
        {
            throw line.Wrong($"doesn't match {_timelines.Name}, where channel {channel} ends at event {_lines.Last:D}");
        }
    }
}
