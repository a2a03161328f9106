using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Users;

/// <summary>A change of what the user actor remembers for ever.</summary>
public abstract record UserEvent;

/// <summary>The user is a member of the channel since its event <paramref name="ChangeId"/>.</summary>
public sealed record ChannelJoined(ChannelId Channel, long ChangeId) : UserEvent;

/// <summary>The user isn't a member any more since the channel's event <paramref name="ChangeId"/>.</summary>
public sealed record ChannelLeft(ChannelId Channel, long ChangeId) : UserEvent;

/// <summary>The user wants no pushes of the channel, or wants them again.</summary>
public sealed record MuteChanged(ChannelId Channel, bool IsMuted) : UserEvent;
