namespace ChatAkka.Actors;

/// <summary>Key of the shard region of channels in the actor registry: send it any <see cref="Domain.Channels.IChannelMessage"/>.</summary>
public sealed class ChannelRegion;

/// <summary>Key of the shard region of users in the actor registry: send it any <see cref="Domain.Users.IUserMessage"/>.</summary>
public sealed class UserRegion;
