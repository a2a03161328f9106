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
public abstract record ChannelCommand(ChannelId Channel, UserId By, long Request) : IChannelMessage
{
    /// <summary>UTF-16 units of text in it, for those who bound what they hold.</summary>
    public virtual int TextLength => 0;
}

/// <summary>
/// Post a text. The text was checked by <see cref="MessageText"/> before.
/// </summary>
/// <param name="MayOpen">Open the direct channel if it doesn't exist yet (the request named a user, not a channel).</param>
public sealed record PostMessage(
    ChannelId Channel, UserId By, long Request, DeviceId Device, string ClientId, string Text, long ReplyTo,
    ImmutableArray<UserId> Mentions, bool MayOpen)
    : ChannelCommand(Channel, By, Request)
{
    /// <inheritdoc/>
    public override int TextLength => Text.Length;
}

/// <summary>Say something about an earlier message. Safe to repeat.</summary>
/// <param name="Target">The message's id.</param>
public abstract record AnnotateMessage(ChannelId Channel, UserId By, long Request, long Target) : ChannelCommand(Channel, By, Request);

/// <summary>Replace the text of one's own message. The text was checked by <see cref="MessageText"/> before.</summary>
/// <param name="Seen">See <see cref="Refusal.Outdated"/>; 0 if the asker doesn't say.</param>
public sealed record EditMessage(
    ChannelId Channel, UserId By, long Request, long Target, string Text, long Seen = 0) : AnnotateMessage(Channel, By, Request, Target)
{
    /// <inheritdoc/>
    public override int TextLength => Text.Length;
}

/// <summary>Delete one's own message; an owner or admin, anybody's.</summary>
public sealed record DeleteMessage(ChannelId Channel, UserId By, long Request, long Target) : AnnotateMessage(Channel, By, Request, Target);

/// <summary>React to a message. The emoji was checked by <see cref="Channels.Emoji"/> before.</summary>
/// <param name="Seen">See <see cref="Refusal.Outdated"/>; 0 if the asker doesn't say.</param>
public sealed record AddReaction(ChannelId Channel, UserId By, long Request, long Target, string Emoji, long Seen = 0)
    : AnnotateMessage(Channel, By, Request, Target);

/// <summary>Take a reaction back.</summary>
/// <param name="Seen">See <see cref="Refusal.Outdated"/>; 0 if the asker doesn't say.</param>
public sealed record RemoveReaction(ChannelId Channel, UserId By, long Request, long Target, string Emoji, long Seen = 0)
    : AnnotateMessage(Channel, By, Request, Target);

/// <summary>Open the direct channel with the other user; does nothing if it is open.</summary>
public sealed record OpenDirect(ChannelId Channel, UserId By, long Request) : ChannelCommand(Channel, By, Request);

/// <summary>Create a group of the caller (its owner) and the given others.</summary>
public sealed record CreateGroup(ChannelId Channel, UserId By, long Request, string Title, ImmutableArray<UserId> Members)
    : ChannelCommand(Channel, By, Request);

/// <summary>Make a user a member, and give them a role; does nothing if it is so.</summary>
/// <param name="Role">Null leaves the role of a member as it is, and makes anybody else a plain member.</param>
public sealed record AddMember(
    ChannelId Channel, UserId By, long Request, UserId User, MemberRole? Role = null) : ChannelCommand(Channel, By, Request);

/// <summary>Remove a member, or leave (<see cref="User"/> is the caller); does nothing if they aren't a member.</summary>
public sealed record RemoveMember(ChannelId Channel, UserId By, long Request, UserId User) : ChannelCommand(Channel, By, Request);

/// <summary>Rename the group.</summary>
public sealed record ChangeTitle(ChannelId Channel, UserId By, long Request, string Title) : ChannelCommand(Channel, By, Request);

/// <summary>Ask for the channel as its members see it; also how a reader proves that they may read the timeline.</summary>
public sealed record GetChannel(ChannelId Channel, UserId By, long Request) : ChannelCommand(Channel, By, Request);
