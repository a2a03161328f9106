using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Users;

/// <summary>A connection of one device. It gets live events only when it has caught up.</summary>
/// <param name="connection">Its actor.</param>
/// <param name="attach">What it said when it attached.</param>
internal sealed class Session(IActorRef connection, AttachSession attach)
{
    private Dictionary<ChannelId, long>? _skipTo;
    private CatchUpProgress? _progress = new(attach.Resume);

    public IActorRef Connection { get; } = connection;

    public DeviceId Device { get; } = attach.Device;

    /// <inheritdoc cref="AttachSession.OpenedAt"/>
    public long OpenedAt { get; } = attach.OpenedAt;

    /// <inheritdoc cref="AttachSession.Attempt"/>
    public int Attempt { get; } = attach.Attempt;

    /// <summary>While the session catches up: for each channel, up to where it was (or is just being) sent. Null when it is live.</summary>
    public Dictionary<ChannelId, long>? SentTo => _progress?.SentTo;

    /// <summary>While the session catches up: the user's read cursor as it was told of each channel.</summary>
    public Dictionary<ChannelId, long>? ReadTold => _progress?.ReadTold;

    /// <summary>While the session catches up: what it was sent by earlier incarnations; null if it has just come.</summary>
    public SessionResume? Resume => _progress?.Resume;

    public bool IsLive => _progress is null;

    /// <summary>
    /// The device has more of this channel than the user knows yet (it got an <c>ok</c> a moment ago): it must not get that again.
    /// </summary>
    public void Skip(ChannelId channel, long to) => (_skipTo ??= [])[channel] = to;

    /// <summary>The device has everything: from now on it gets deliveries.</summary>
    public void GoLive()
    {
        _progress = null;
        Connection.Tell(SyncCompleted.Instance);
    }

    /// <summary>Passes a delivery on, without what the device has.</summary>
    public void Deliver(Delivery delivery)
    {
        if (_skipTo is not null && _skipTo.TryGetValue(delivery.Channel, out var to))
        {
            if (delivery.Events[^1].Id >= to)
            {
                _skipTo.Remove(delivery.Channel);
            }

            delivery = delivery.After(to);
        }

        if (!delivery.Events.IsEmpty)
        {
            Connection.Tell(delivery);
        }
    }

    // Apart, because every session has it for a moment and none for long; and a user without channels needs no room for them.
    private sealed class CatchUpProgress(SessionResume? resume)
    {
        public SessionResume? Resume => resume;

        public Dictionary<ChannelId, long> SentTo => field ??= [];

        public Dictionary<ChannelId, long> ReadTold => field ??= [];
    }
}
