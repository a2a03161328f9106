using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>How a session is sent a stretch.</summary>
internal enum StretchKind
{
    /// <summary>As a sync frame, limited in length: the session hasn't heard of this channel since it attached.</summary>
    Sync,

    /// <summary>As live events, all of it: the session has the channel up to there.</summary>
    Tail,

    /// <summary>As live events after word that the channel is the user's: the session doesn't know that yet.</summary>
    Appearance,
}

/// <summary>A stretch of one channel that a session has not been sent.</summary>
/// <param name="From">First id missing.</param>
/// <param name="To">Last id missing: the head as the user knew it.</param>
/// <param name="N">Messages up to <paramref name="To"/>.</param>
/// <param name="Read">The user's read cursor; 0 if it was never moved.</param>
/// <param name="ReadN">Messages up to <paramref name="Read"/>.</param>
/// <param name="Held">Its events, if the user's queue still holds all of them; else default, and they are read from the journal.</param>
internal sealed record Stretch(
    ChannelId Channel, long From, long To, long N, long Read, long ReadN, StretchKind Kind, ImmutableArray<ChannelEvent> Held);

/// <summary>
/// Reads what a session missed, part by part. Runs beside the user actor, which may serve other sessions meanwhile, and tells the session
/// what was read; nothing live is forwarded to it until all is told, so order holds.
/// </summary>
internal sealed class SessionSync(UserId user, UserServices services)
{
    private const int MaxEventsPerFrame = 100;
    private const int MaxEventsPerRead = 500;
    private const int ReadAhead = 16;
    private static readonly TimeSpan ChannelPatience = TimeSpan.FromSeconds(10);

    /// <summary>Reads the first of the stretches, as many as are good to hold in memory.</summary>
    /// <returns>What the session is to be told, in order, and the stretches that are left.</returns>
    /// <exception cref="StorageUnavailableException">The store or a channel doesn't answer.</exception>
    public async Task<(IReadOnlyList<object> Messages, IReadOnlyList<Stretch> Left)> ReadAsync(IReadOnlyList<Stretch> stretches)
    {
        var reads = stretches.Take(ReadAhead).Select(ReadStretchAsync).ToArray();
        List<object> messages = [];
        List<Stretch> rest = [];
        foreach (var read in reads)
        {
            var (told, left) = await read.ConfigureAwait(false);
            messages.AddRange(told);
            if (left is not null)
            {
                rest.Add(left);
            }
        }

        rest.AddRange(stretches.Skip(ReadAhead));
        return (messages, rest);
    }

    private Task<(IReadOnlyList<object> Messages, Stretch? Left)> ReadStretchAsync(Stretch stretch) => stretch.Kind switch
    {
        StretchKind.Sync => ReadSyncAsync(stretch),
        StretchKind.Tail => ReadTailAsync(stretch),
        _ => ReadAppearanceAsync(stretch),
    };

    private async Task<(IReadOnlyList<object> Messages, Stretch? Left)> ReadSyncAsync(Stretch stretch)
    {
        var finding = FindAsync(stretch.Channel);
        var events = await ReadEventsAsync(stretch, MaxEventsPerFrame).ConfigureAwait(false);
        if (await finding.ConfigureAwait(false) is not { } view)
        {
            return ([], null);
        }

        var asOfThen = view.For(user) with { Head = stretch.To, N = stretch.N };
        var more = events.Count > 0 && events[^1].Id < stretch.To;
        var (read, readN) = Receipt.ReadCursor(asOfThen.Own, stretch.Read, stretch.ReadN);
        return ([new SyncChannel(asOfThen, read, stretch.N - readN, [.. events], more)], null);
    }

    private async Task<(IReadOnlyList<object> Messages, Stretch? Left)> ReadTailAsync(Stretch stretch)
    {
        var events = await ReadEventsAsync(stretch, MaxEventsPerRead).ConfigureAwait(false);
        if (events.Count == 0)
        {
            throw new StorageUnavailableException($"channel {stretch.Channel} has no event {stretch.From} in the store");
        }

        var next = events[^1].Id + 1;
        return (
            [new Delivery(stretch.Channel, [.. events])],
            next > stretch.To ? null : stretch with { From = next, Kind = StretchKind.Tail, Held = default });
    }

    private async Task<(IReadOnlyList<object> Messages, Stretch? Left)> ReadAppearanceAsync(Stretch stretch)
    {
        if (await FindAsync(stretch.Channel).ConfigureAwait(false) is not { } view)
        {
            return ([], null);
        }

        var appeared = new ChannelAppeared(view.For(user));
        if (stretch.From > stretch.To)
        {
            return ([appeared], null);
        }

        var (events, rest) = await ReadTailAsync(stretch).ConfigureAwait(false);
        return ([appeared, .. events], rest);
    }

    // Null if the user was removed from the channel a moment ago; the user actor will say so.
    private async Task<ChannelView?> FindAsync(ChannelId channel) =>
        await services.Channels.Ask<ChannelReply>(new GetChannel(channel, user, 0), ChannelPatience).ConfigureAwait(false) switch
        {
            ChannelInfo info => info.View,
            Refused { Reason: Refusal.ChannelNotFound } => null,
            _ => throw new StorageUnavailableException($"channel {channel} could not be opened"),
        };

    private async Task<IReadOnlyList<ChannelEvent>> ReadEventsAsync(Stretch stretch, int limit) =>
        !stretch.Held.IsDefault && stretch.Held.Length <= limit
            ? stretch.Held
            : await services.Timelines.ReadAsync(
                stretch.Channel, stretch.From, stretch.To, limit, backward: false, CancellationToken.None).ConfigureAwait(false);
}
