using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>Addressed to a channel; the shard key of everything a channel receives from outside.</summary>
public interface IChannelMessage
{
    /// <summary>The channel it is for.</summary>
    ChannelId Channel { get; }
}

/// <summary>Something a user asks of a channel. It is answered by exactly one <see cref="ChannelReply"/>.</summary>
/// <param name="Request">The asker's own number for this request, echoed in the reply.</param>
public abstract record ChannelCommand(ChannelId Channel, UserId By, long Request) : IChannelMessage;

/// <summary>
/// Post a text. The text was checked by <see cref="MessageText"/> before.
/// </summary>
/// <param name="MayOpen">Open the direct channel if it doesn't exist yet (the request named a user, not a channel).</param>
public sealed record PostMessage(
    ChannelId Channel, UserId By, long Request, DeviceId Device, string ClientId, string Text, long ReplyTo, ImmutableArray<UserId> Mentions, bool MayOpen)
    : ChannelCommand(Channel, By, Request);

/// <summary>Open the direct channel with the other user; does nothing if it is open.</summary>
public sealed record OpenDirect(ChannelId Channel, UserId By, long Request) : ChannelCommand(Channel, By, Request);

/// <summary>Create a group of the caller (its owner) and the given others.</summary>
public sealed record CreateGroup(ChannelId Channel, UserId By, long Request, string Title, ImmutableArray<UserId> Members)
    : ChannelCommand(Channel, By, Request);

/// <summary>Make a user a member; does nothing if they are.</summary>
public sealed record AddMember(ChannelId Channel, UserId By, long Request, UserId User) : ChannelCommand(Channel, By, Request);

/// <summary>Remove a member, or leave (<see cref="User"/> is the caller); does nothing if they aren't a member.</summary>
public sealed record RemoveMember(ChannelId Channel, UserId By, long Request, UserId User) : ChannelCommand(Channel, By, Request);

/// <summary>Rename the group.</summary>
public sealed record ChangeTitle(ChannelId Channel, UserId By, long Request, string Title) : ChannelCommand(Channel, By, Request);

/// <summary>Ask for the channel as its members see it; also how a reader proves that they may read the timeline.</summary>
public sealed record GetChannel(ChannelId Channel, UserId By, long Request) : ChannelCommand(Channel, By, Request);
