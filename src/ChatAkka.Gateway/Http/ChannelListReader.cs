using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Http;

/// <summary>A page of a user's channels.</summary>
/// <param name="Muted">Those of which the user wants no pushes.</param>
/// <param name="Receipts">The user's, of these channels and perhaps others.</param>
/// <param name="Cursor">Where the next page starts; null at the end.</param>
internal sealed record ChannelListPage(
    IReadOnlyList<(ChannelView View, FoldedMessage? Last)> Channels,
    IReadOnlySet<ChannelId> Muted,
    IReadOnlyList<Receipt> Receipts,
    string? Cursor);

/// <summary>Reads a user's channels, those with the newest event first. The cursor is the last channel's place in that order, so that
/// what happens between two pages neither repeats nor hides a channel that stayed quiet.</summary>
internal sealed class ChannelListReader(Regions regions, ITimelineReader timeline, IReceiptStore receipts, HistoryReader history)
{
    private const int PageSize = 50;

    /// <summary>Null if the cursor isn't one.</summary>
    /// <exception cref="StorageUnavailableException">The store or an actor could not answer.</exception>
    public async Task<ChannelListPage?> ReadAsync(UserId user, string? cursor, CancellationToken cancel)
    {
        var start = new Place(long.MaxValue, "");
        if (cursor is not null && !Place.TryParse(cursor, out start))
        {
            return null;
        }

        if (await regions.AskUserAsync(new ListChannels(user)) is not UserChannels all)
        {
            throw new StorageUnavailableException("the user's channels could not be listed");
        }

        var heads = await timeline.HeadsAsync(all.Channels, cancel);
        var places = heads.Select(head => new Place(head.Value.At, head.Key.Value))
            .Where(place => place.CompareTo(start) > 0).Order().ToList();
        var page = places.Take(PageSize).ToList();
        var channels = await Task.WhenAll(page.Select(place => ShowAsync(new ChannelId(place.Channel), user, cancel)));
        return new ChannelListPage(
            [.. channels.Where(channel => channel is not null).Select(channel => channel!.Value)],
            all.Muted,
            await receipts.LoadAsync(user, cancel),
            places.Count > PageSize ? page[^1].ToString() : null);
    }

    // Null for a channel that the user has just left.
    private async Task<(ChannelView View, FoldedMessage? Last)?> ShowAsync(ChannelId channel, UserId user, CancellationToken cancel)
    {
        switch (await regions.AskAsync(new GetChannel(channel, user, 0)))
        {
            case ChannelInfo info:
                var newest = await history.ReadAsync(info.View, new HistoryRange(HistorySide.Newest, 0, 1), cancel);
                return (info.View, newest.Messages.Count > 0 ? newest.Messages[0] : null);
            case Refused { Reason: Refusal.ChannelNotFound }:
                return null;
            default:
                throw new StorageUnavailableException("a channel could not be shown");
        }
    }

    /// <summary>A channel's place in the list: newest first, then by id.</summary>
    private readonly record struct Place(long At, string Channel) : IComparable<Place>
    {
        public int CompareTo(Place other) => At != other.At ? other.At.CompareTo(At) : string.CompareOrdinal(Channel, other.Channel);

        public override string ToString() =>
            Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At}:{Channel}")));

        public static bool TryParse(string text, out Place place)
        {
            place = default;
            if (text.Length > 128 || !Base64Url.IsValid(text))
            {
                return false;
            }

            var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split(':');
            if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            {
                return false;
            }

            place = new Place(at, parts[1]);
            return true;
        }
    }
}
