using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Serialization;

/// <summary>Timelines out of any journal: raw rows, decoded.</summary>
public sealed class TimelineReader(IJournalReader journal) : ITimelineReader
{
    /// <summary>What the persistence ids of channels begin with.</summary>
    internal const string Prefix = "channel-";

    /// <summary>The persistence id of a channel.</summary>
    internal static string PersistenceId(ChannelId channel) => Prefix + channel.Value;

    /// <summary>The channel of a persistence id.</summary>
    internal static ChannelId ChannelOf(string persistenceId) => new(persistenceId[Prefix.Length..]);

    public async Task<IReadOnlyList<ChannelEvent>> ReadAsync(
        ChannelId channel, long from, long to, int limit, bool backward, CancellationToken cancel)
    {
        var rows = await journal.ReadAsync(PersistenceId(channel), from, to, limit, backward, cancel).ConfigureAwait(false);
        return Decode<ChannelEvent>(rows);
    }

    public async Task<IReadOnlyList<Annotation>> ReadAnnotationsAsync(ChannelId channel, long from, long to, CancellationToken cancel)
    {
        var rows = await journal.ReadAnnotationsAsync(PersistenceId(channel), from, to, cancel).ConfigureAwait(false);
        return rows.Count == 0 ? [] : Decode<Annotation>(rows);
    }

    public async Task<IReadOnlyDictionary<ChannelId, ChannelEvent>> HeadsAsync(
        IReadOnlyCollection<ChannelId> channels, CancellationToken cancel)
    {
        var rows = await journal.HeadsAsync([.. channels.Select(PersistenceId)], cancel).ConfigureAwait(false);
        return rows.ToDictionary(
            row => ChannelOf(row.PersistenceId),
            row => ChannelEventCodec.Decode(row.Manifest, row.Payload));
    }

    private static T[] Decode<T>(IReadOnlyList<StoredEvent> rows)
        where T : ChannelEvent
    {
        var events = new T[rows.Count];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = (T)ChannelEventCodec.Decode(rows[i].Manifest, rows[i].Payload);
        }

        return events;
    }
}
