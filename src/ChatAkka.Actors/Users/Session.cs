using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Users;

/// <summary>A connection of one device. It gets live events only when it has caught up.</summary>
internal sealed class Session(IActorRef connection, DeviceId device)
{
    private Dictionary<ChannelId, long>? _skipTo;

    public IActorRef Connection { get; } = connection;

    public DeviceId Device { get; } = device;

    /// <summary>While the session catches up: for each channel, up to where it was (or is just being) sent. Null when it is live.</summary>
    public Dictionary<ChannelId, long>? SentTo { get; private set; } = [];

    public bool IsLive => SentTo is null;

    /// <summary>While the session catches up: the user's read cursor as it was told of each channel.</summary>
    public Dictionary<ChannelId, long>? ReadTold { get; private set; } = [];

    /// <summary>
    /// The device has more of this channel than the user knows yet (it got an <c>ok</c> a moment ago): it must not get that again.
    /// </summary>
    public void Skip(ChannelId channel, long to) => (_skipTo ??= [])[channel] = to;

    /// <summary>The device has everything: from now on it gets deliveries.</summary>
    public void GoLive()
    {
        (SentTo, ReadTold) = (null, null);
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
}
