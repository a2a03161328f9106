using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>A stretch of one channel that a session has not been sent.</summary>
/// <param name="From">First id missing.</param>
/// <param name="To">Last id missing: the head as the user knew it.</param>
/// <param name="N">Messages up to <paramref name="To"/>.</param>
/// <param name="Read">The user's read cursor; 0 if it was never moved.</param>
/// <param name="ReadN">Messages up to <paramref name="Read"/>.</param>
/// <param name="IsFirst">The session hasn't heard of this channel since it attached: it gets a sync frame, limited in length.
/// Otherwise what happened while it was syncing follows as live events, all of it.</param>
/// <param name="Held">Its events, if the user's queue still holds all of them; else default, and they are read from the journal.</param>
internal sealed record Stretch(ChannelId Channel, long From, long To, long N, long Read, long ReadN, bool IsFirst, ImmutableArray<ChannelEvent> Held);

/// <summary>
/// Sends a session what it missed, channel by channel. Runs beside the user actor, which may serve other sessions meanwhile; nothing live
/// is forwarded to this session until it is done, so order holds.
/// </summary>
internal sealed class SessionSync(UserId user, IActorRef connection, UserServices services)
{
    private const int MaxEventsPerFrame = 100;
    private const int MaxEventsPerRead = 500;
    private const int ReadAhead = 16;
    private static readonly TimeSpan ChannelPatience = TimeSpan.FromSeconds(10);

    /// <summary>Sends the stretches in the order given. Faults if the store or a channel doesn't answer; what was sent is in order then,
    /// too.</summary>
    public async Task SendAsync(IEnumerable<Stretch> stretches)
    {
        foreach (var chunk in stretches.Chunk(ReadAhead))
        {
            var reads = Array.ConvertAll(chunk, stretch => stretch.IsFirst ? ReadFirstAsync(stretch) : ReadTailAsync(stretch));
            foreach (var read in reads)
            {
                foreach (var message in await read.ConfigureAwait(false))
                {
                    connection.Tell(message, ActorRefs.NoSender);
                }
            }
        }
    }

    private async Task<IReadOnlyList<object>> ReadFirstAsync(Stretch stretch)
    {
        var view = services.Channels.Ask<ChannelReply>(new GetChannel(stretch.Channel, user, 0), ChannelPatience);
        var events = await ReadAsync(stretch, stretch.From, MaxEventsPerFrame).ConfigureAwait(false);
        switch (await view.ConfigureAwait(false))
        {
            case ChannelInfo info:
                var asOfThen = info.View with { Head = stretch.To, N = stretch.N };
                var more = events.Count > 0 && events[^1].Id < stretch.To;
                var (read, readN) = Receipt.ReadCursor(info.View.Of(user), stretch.Read, stretch.ReadN);
                return [new SyncChannel(asOfThen, read, stretch.N - readN, [.. events], more)];
            case Refused { Reason: Refusal.ChannelNotFound }:
                return []; // removed from the channel a moment ago; the user actor will say so
            default:
                throw new StorageUnavailableException($"channel {stretch.Channel} could not be opened");
        }
    }

    private async Task<IReadOnlyList<object>> ReadTailAsync(Stretch stretch)
    {
        var deliveries = new List<object>();
        for (var from = stretch.From; from <= stretch.To;)
        {
            var events = await ReadAsync(stretch, from, MaxEventsPerRead).ConfigureAwait(false);
            if (events.Count == 0)
            {
                throw new StorageUnavailableException($"channel {stretch.Channel} has no event {from} in the store");
            }

            deliveries.Add(new Delivery(stretch.Channel, [.. events]));
            from = events[^1].Id + 1;
        }

        return deliveries;
    }

    private async Task<IReadOnlyList<ChannelEvent>> ReadAsync(Stretch stretch, long from, int limit) =>
        !stretch.Held.IsDefault && stretch.Held.Length <= limit
            ? stretch.Held
            : await services.Timelines.ReadAsync(stretch.Channel, from, stretch.To, limit, backward: false, CancellationToken.None).ConfigureAwait(false);
}
