using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Users;

/// <summary>A connection of one device. It gets live events only when it has caught up.</summary>
internal sealed class Session(IActorRef connection, DeviceId device)
{
    public IActorRef Connection { get; } = connection;

    public DeviceId Device { get; } = device;

    /// <summary>While the session catches up: for each channel, up to where it was (or is just being) sent. Null when it is live.</summary>
    public Dictionary<ChannelId, long>? SentTo { get; private set; } = [];

    public bool IsLive => SentTo is null;

    public void GoLive() => SentTo = null;
}
